"""How identity's ports are met: MongoDB repositories, argon2, HMAC links, ES256 keys, mails."""
