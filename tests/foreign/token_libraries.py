"""Runs in an environment of its own: verifies one access token with Python's libraries as a system would.

Reads {"token", "jwks", "issuer", "audience"} from standard input, prints the verdict of each library.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import jwt
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator

given = json.load(sys.stdin)


def with_pyjwt(**told: Any) -> None:
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(given["jwks"]).keys}
    key = keys[jwt.get_unverified_header(given["token"])["kid"]]
    jwt.decode(given["token"], key, algorithms=["ES256"], issuer=given["issuer"], **told)


class Rfc9068(JWTBearerTokenValidator):
    def get_jwks(self) -> Any:
        return given["jwks"]


def with_authlib() -> None:
    validator = Rfc9068(issuer=given["issuer"], resource_server=given["audience"])
    token = validator.authenticate_token(given["token"])
    validator.validate_token(token, [], None)


def verdict(verify: Callable[[], None]) -> str:
    try:
        verify()
    except Exception as error:
        return type(error).__name__
    return "ok"


print(
    json.dumps(
        {
            "PyJWT": verdict(lambda: with_pyjwt(audience=given["audience"])),
            "PyJWT, told no audience": verdict(with_pyjwt),
            "Authlib, RFC 9068": verdict(with_authlib),
        }
    )
)
