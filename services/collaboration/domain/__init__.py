"""The rules of collaboration: comments, views and forwards, each a small aggregate beside the document it is about."""
