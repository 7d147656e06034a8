"""Promise 20: forged access tokens are refused, through the door that real ones open."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from services.identity.adapters.tokens import SigningKey
from tests.support.identity.portal import Business, Portal

ME = "{ me { id } }"


def b64(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    header, claims, signature = token.split(".")
    return _json(header), _json(claims), signature


def _json(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def wrongly_signed(token: str, signing: SigningKey) -> Iterator[tuple[str, str]]:
    """Yield tokens whose header or signature is not ours."""
    header, claims, signature = parts_of(token)
    body = b64(claims)
    for algorithm in (
        "none",
        "None",
        "NONE",
        "nOnE",
        "",
        "HS256",
        "HS384",
        "RS256",
        "ES384",
        "ES512",
        "EdDSA",
        None,
        5,
    ):
        forged = b64({**header, "alg": algorithm})
        yield f"alg {algorithm}, no signature", f"{forged}.{body}."
        yield f"alg {algorithm}, old signature", f"{forged}.{body}.{signature}"
    public = signing.key.as_pem(private=False)
    jwk = json.dumps(signing.key.as_dict(private=False)).encode()
    for name, secret in (("PEM", public), ("JWK", jwk), ("x", signing.key.as_dict()["x"].encode()), ("empty", b"\0")):
        text = f"{b64({'alg': 'HS256', 'kid': signing.id})}.{body}"
        mac = b64(hmac.digest(secret, text.encode(), "sha256"))
        yield f"HS256 with our public key as {name}", f"{text}.{mac}"
    own = ECKey.generate_key("P-256")
    for name, more in {
        "our kid": {"kid": signing.id},
        "no kid": {},
        "a jwk inside": {"jwk": own.as_dict(private=False)},
        "a jku": {"kid": signing.id, "jku": "https://evil.example/jwks.json"},
        "an x5u": {"kid": signing.id, "x5u": "https://evil.example/cert.pem"},
    }.items():
        encoded = jwt.encode({"alg": "ES256", "kid": "x"}, claims, own).split(".")
        yield f"a stranger's key, {name}", f"{b64({'alg': 'ES256', 'typ': 'JWT', **more})}.{encoded[1]}.{encoded[2]}"
        yield f"a stranger's key, {name}, signed", jwt.encode({"alg": "ES256", "kid": signing.id}, claims, own)
    rsa = RSAKey.generate_key(2048)
    yield "RS256", jwt.encode({"alg": "RS256", "kid": signing.id}, claims, rsa)
    for kid in ("../../../dev/null", "/etc/passwd", "' OR 1=1 --", '{"$ne": null}', "x" * 3000, "", 7, None, ["a"], {}):
        yield f"kid {kid!r:.20}", f"{b64({**header, 'kid': kid})}.{body}.{signature}"


def wrongly_claimed(token: str, signing: SigningKey) -> Iterator[tuple[str, str]]:
    """Yield tokens that our key signed and that still must not open this door."""
    _, claims, _ = parts_of(token)
    now = claims["iat"]
    wrong: dict[str, list[Any]] = {
        "iss": ["https://evil.example", "", None, ["https://portal.example"], "https://portal.example/"],
        "aud": ["other", "", None, 5, ["other"]],
        "typ": ["refresh", "id", "", None],
        "exp": [now - 10, 0, -1, None, "soon", 10**30],
        "iat": [now + 3600, "x", None],
        "sub": [None, "", 5, ["stf_1"]],
        "org": [None, "", 5],
        "sid": [None, "", 5],
        "role": ["service", "admin", "", None, 5, "contact"],
        "cus": ["cus_1", 5],
    }
    for name, values in wrong.items():
        for value in values:
            yield f"{name} {value!r:.20}", _signed({**claims, name: value}, signing)
        if name in claims:
            yield f"no {name}", _signed({key: value for key, value in claims.items() if key != name}, signing)
    yield "not before tomorrow", _signed({**claims, "nbf": now + 86400}, signing)


def _signed(claims: dict[str, Any], signing: SigningKey) -> str:
    return jwt.encode({"alg": "ES256", "kid": signing.id}, claims, signing.key)


def broken(token: str) -> Iterator[tuple[str, str]]:
    """Yield what is hardly a token."""
    header, claims, signature = token.split(".")
    yield "changed signature", f"{header}.{claims}.{signature[:-4]}AAAA"
    yield "empty signature", f"{header}.{claims}."
    yield "two parts", f"{header}.{claims}"
    yield "four parts", f"{token}.{signature}"
    yield "five parts", f"{token}.{signature}.{signature}"
    yield "no JSON", f"{b64(b'{')}.{claims}.{signature}"
    yield "a list as header", f"{b64([1])}.{claims}.{signature}"
    yield "deep JSON", f"{b64(b'[' * 2000)}.{claims}.{signature}"
    yield "a mebibyte", "a" * 1_048_576
    yield "zero signature", f"{header}.{claims}.{b64(bytes(64))}"
    yield "DER signature", f"{header}.{claims}.{b64(bytes([48, 6, 2, 1, 1, 2, 1, 1]))}"
    yield "spaces", "   "


async def test_forged_tokens_open_nothing(portal: Portal, business: Business) -> None:
    """At least sixty forgeries of every kind are refused with one code, and the real token still works."""
    signing = await portal.service.keys.present()
    forgeries = [
        *wrongly_signed(business.owner, signing),
        *wrongly_claimed(business.owner, signing),
        *broken(business.owner),
    ]
    accepted = [name for name, token in forgeries if await portal.codes(ME, token) != ["UNAUTHENTICATED"]]
    print(f"promise 20: {len(forgeries)} forgeries, {len(accepted)} accepted")
    assert len(forgeries) >= 60
    assert accepted == []
    assert await portal.codes(ME, business.owner) == []


async def test_an_access_token_is_no_bearer_of_another_scheme(portal: Portal, business: Business) -> None:
    """Basic credentials and other schemes are refused, not ignored."""
    for scheme in ("Basic", "Token", "Bearer Bearer"):
        answer = await portal.answer(ME, None, {"authorization": f"{scheme} {business.owner}"})
        assert orjson.loads(answer.body)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_keys_are_rotated_without_anybody_noticing(portal: Portal, business: Business) -> None:
    """A new key is published before it signs; tokens of the old one live out their time; then it is forgotten."""
    keys = portal.service.keys
    first = await keys.present()
    portal.clock.advance(days=91)
    await keys.rotate_if_due()
    assert (await keys.present()).id == first.id
    assert len((await keys.published())["keys"]) == 2
    token = (await portal.log_in("ada@nordlicht.example"))["session"]["accessToken"]
    portal.clock.advance(minutes=11)
    second = await keys.present()
    assert second.id != first.id
    fresh = (await portal.log_in("ada@nordlicht.example"))["session"]["accessToken"]
    assert parts_of(fresh)[0]["kid"] == second.id
    assert await portal.codes(ME, fresh) == []
    assert await portal.codes(ME, token) == ["UNAUTHENTICATED"]
    portal.clock.advance(days=1)
    await keys.rotate(announce=timedelta())
    assert first.id not in {key["kid"] for key in (await keys.published())["keys"]}


async def test_the_key_set_shows_public_parts_only(portal: Portal, business: Business) -> None:
    """The published document has no private part; of stored keys the private parts are encrypted."""
    published = await portal.service.keys.published()
    assert [sorted(key) for key in published["keys"]] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]
    rows = await portal.service.database["signing_keys"].find({}).to_list()
    assert [sorted(row) for row in rows] == [["_id", "public", "schema", "sealed", "signs_from"]]
