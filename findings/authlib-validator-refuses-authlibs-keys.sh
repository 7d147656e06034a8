#!/usr/bin/env bash
# Guess: Authlib's RFC 9068 validator takes the key set that Authlib's own authlib.jose makes of a JWKS document.
# So: it raises ValueError ("Invalid key"); it takes the plain dictionary, since its verification has moved to joserfc.
# Source: Authlib 1.9.10 (PyPI), authlib/oauth2/rfc9068/token_validator.py.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet Authlib==1.9.10
"$folder/venv/bin/python" -W ignore - <<'PY'
import time
from importlib.metadata import version

from authlib.jose import JsonWebKey
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from joserfc import jwt
from joserfc.jwk import ECKey

key = ECKey.generate_key("P-256", {"kid": "1", "alg": "ES256", "use": "sig"})
jwks, now = {"keys": [key.as_dict(private=False)]}, int(time.time())
claims = {"iss": "https://a.example", "aud": "b", "sub": "c", "client_id": "d", "iat": now, "exp": now + 60, "jti": "e"}
token = jwt.encode({"alg": "ES256", "kid": "1", "typ": "at+jwt"}, claims, key)


def verdict(keys):
    class Validator(JWTBearerTokenValidator):
        def get_jwks(self):
            return keys

    try:
        validator = Validator("https://a.example", "b")
        validator.validate_token(validator.authenticate_token(token), [], None)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "ok"


own, plain = verdict(JsonWebKey.import_key_set(jwks)), verdict(jwks)
print("Authlib", version("Authlib"), "| its own key set:", own, "| the plain document:", plain)
raise SystemExit((own.split(":")[0], plain) != ("ValueError", "ok"))
PY
