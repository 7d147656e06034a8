"""The rules of identity: who exists, who may come in, and what ends their stay.

Aggregates: `organisation.Organisation`, `staff_member.StaffMember`, `customer.Customer`, `contact.Contact`,
`session.Session`, `password_reset.PasswordReset`. Decisions are synchronous and take the time as a value; nothing here
does I/O, hashes a password or signs a token.
"""
