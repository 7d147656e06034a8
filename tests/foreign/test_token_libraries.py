"""Systems verify our access tokens with the libraries of their language, told what `docs/tokens.md` says."""

import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.applications import Starlette

from chassis.auth import AUDIENCE
from chassis.mongo.indexes import ensure_indexes
from portal_cli.foreign import TOKEN_LIBRARIES_GO, TOKEN_LIBRARIES_PYTHON
from services.identity.bootstrap import INDEXES
from tests.support.asgi import request
from tests.support.foreign import program
from tests.support.identity.portal import Portal, make_portal, make_settings

PYTHON = Path(__file__).with_name("token_libraries.py")


@pytest.fixture(params=["JWT", "at+jwt"])
def header_type(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def portal(header_type: str, mongo_url: str, database_name: str) -> AsyncIterator[Portal]:
    """Identity with each type of token in turn."""
    running = make_portal(make_settings(mongo_url, database_name, access_token_type=header_type))
    await ensure_indexes(running.service.database, INDEXES)
    yield running
    await running.service.close()


async def document(portal: Portal, path: str) -> dict[str, Any]:
    return orjson.loads((await request(Starlette(routes=portal.service.routes), path)).body)


async def given_to_strangers(portal: Portal) -> dict[str, Any]:
    """Return a fresh token, and what a system finds out about whoever signed it."""
    about = await document(portal, "/.well-known/oauth-authorization-server")
    jwks = await document(portal, "/.well-known/jwks.json")
    token = (await portal.register("nordlicht")).owner
    return {"token": token, "jwks": jwks, "issuer": about["issuer"], "audience": AUDIENCE}


def verdicts(command: list[str | Path], given: dict[str, Any]) -> dict[str, str]:
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def test_python_libraries_verify(portal: Portal, header_type: str) -> None:
    """PyJWT takes both types when it is told the audience; Authlib's validator of RFC 9068 takes `at+jwt` only."""
    python = program(TOKEN_LIBRARIES_PYTHON) / "bin" / "python"
    assert verdicts([python, PYTHON], await given_to_strangers(portal)) == {
        "PyJWT": "ok",
        "PyJWT, told no audience": "InvalidAudienceError",
        "Authlib, RFC 9068": "ok" if header_type == "at+jwt" else "InvalidTokenError",
    }


async def test_go_libraries_verify(portal: Portal) -> None:
    """golang-jwt and jwx take both types, go-oidc as soon as it is told the algorithm."""
    binary = program(TOKEN_LIBRARIES_GO) / "token-verifiers"
    seen = verdicts([binary], await given_to_strangers(portal))
    untold = seen.pop("go-oidc, told no algorithm")
    assert seen == {"golang-jwt": "ok", "jwx": "ok", "go-oidc": "ok"}
    assert "ES256" in untold


async def test_the_metadata_says_who_signs_with_what(portal: Portal) -> None:
    """RFC 8414: the issuer is the tokens' own, and the address of the keys is there."""
    about = await document(portal, "/.well-known/oauth-authorization-server")
    assert (about["issuer"], about["id_token_signing_alg_values_supported"]) == ("https://portal.example", ["ES256"])
    assert about["jwks_uri"].endswith("/.well-known/jwks.json")
    assert {key["alg"] for key in (await document(portal, "/.well-known/jwks.json"))["keys"]} == {"ES256"}
