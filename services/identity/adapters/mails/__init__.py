"""Identity's own mails: invites, password resets and what is said after a change of password.

Door: `letters.TemplateMails`. Sentences are in `sentences.py`, the frame around them in `templates/`. Links begin with
the configured address of the portal and with nothing else.
"""
