"""What the command line refuses to do."""


class Refusal(Exception):
    """Something a person has to put right first; the message is one clear sentence."""
