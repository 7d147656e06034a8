"""The few rules of notifications: kinds and audiences, one notification per fact, recipient and channel."""
