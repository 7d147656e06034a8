"""Identity's own mails: invites, password resets and what is said after a change of password.

Door: `letters.TemplateMails`. Sentences are in `sentences.py`, the layout around them is the chassis's `mail_layout`.
Links begin with the configured address of the portal and with nothing else.
"""
