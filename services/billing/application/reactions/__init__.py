"""What billing does when others tell something. Today: it keeps what it needs to know of identity's facts.

Applying the same news twice, late or out of order ends in the same state; `DirectoryNotes` sees to that.
"""
