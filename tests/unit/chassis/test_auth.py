"""Access tokens: only those that identity signed for us, alive and of a session that goes on."""

import base64
import hmac
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from chassis.auth import EndedSessions, TokenVerifier, Unauthenticated
from chassis.kernel import Principal, Role
from tests.support.chassis import ManualClock

ISSUER = "https://portal.example"
KEY = ECKey.generate_key("P-256", {"kid": "k1"})
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "k1"})
CLOCK = ManualClock()
NOW = int(CLOCK.now().timestamp())
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "portal",
    "sub": "con_1",
    "typ": "access",
    "org": "org_1",
    "cus": "cus_1",
    "role": "contact",
    "sid": "ses_1",
    "iat": NOW - 10,
    "exp": NOW + 290,
    "jti": "1",
}
CONTACT = Principal(id="con_1", organisation_id="org_1", role=Role.CONTACT, customer_id="cus_1", session_id="ses_1")


class OneKey:
    """Knows one public key."""

    async def key(self, key_id: str) -> ECKey | None:
        return KEY if key_id == "k1" else None


def verifier(ended: EndedSessions | None = None, clock: ManualClock = CLOCK) -> TokenVerifier:
    return TokenVerifier(OneKey(), ISSUER, clock, ended)


def sign(
    claims: dict[str, Any] | None = None, header: dict[str, Any] | None = None, key: Any = KEY, **kwargs: Any
) -> str:
    head = {"alg": "ES256", "kid": "k1", **(header or {})}
    return jwt.encode(head, CLAIMS if claims is None else claims, key, **kwargs)


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else orjson.dumps(value)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(header: dict[str, Any], signature: str = "") -> str:
    return f"{part(header)}.{part(CLAIMS)}.{signature}"


def hmac_with_public_key() -> str:
    signed = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(CLAIMS)}"
    return f"{signed}.{part(hmac.digest(KEY.as_pem(private=False), signed.encode(), 'sha256'))}"


def swapped(index: int, value: str) -> Callable[[], str]:
    def make() -> str:
        parts = sign().split(".")
        parts[index] = value
        return ".".join(parts)

    return make


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in CLAIMS.items() if key != name}


NONE = ["none", "None", "NONE", "nOnE", "", None, "ES256K", "ES384", "RS256", "HS256", "PS256", "EdDSA"]
KIDS = ["", "k2", "../k1", "/dev/null", "k1\0", "' OR 1=1", "http://127.0.0.1/k", None, 1, ["k1"], {"k": 1}]
WRONG: dict[str, list[Any]] = {
    "iss": ["https://evil.example", ISSUER + "/", "", None, [ISSUER], 1],
    "aud": ["other", "", None, ["other"], "portal2"],
    "typ": ["refresh", "invite", "ACCESS", "", None],
    "exp": [NOW - 6, 0, -1, "never", None, "9999999999"],
    "iat": [None, "now", NOW + 4000],
    "sub": ["", None, 7, ["con_1"]],
    "org": ["", None, 7],
    "sid": ["", None, 7],
    "role": ["service", "admin", "", None, "owner"],
    "cus": [None, 5],
}
FORGERIES: dict[str, Callable[[], str]] = {
    **{f"alg {alg!r} without signature": lambda alg=alg: unsigned({"alg": alg, "kid": "k1"}) for alg in NONE},
    **{f"kid {kid!r}": lambda kid=kid: unsigned({"alg": "ES256", "kid": kid}, sign().split(".")[2]) for kid in KIDS},
    **{
        f"{name} {value!r}": lambda name=name, value=value: sign({**CLAIMS, name: value})
        for name, values in WRONG.items()
        for value in values
    },
    **{f"no {name}": lambda name=name: sign(without(name)) for name in CLAIMS if name not in {"jti"}},
    "another key of the same name": lambda: sign(key=OTHER_KEY),
    "its own key in the header": lambda: sign(header={"jwk": OTHER_KEY.as_dict(private=False)}, key=OTHER_KEY),
    "keys from an address in the header": lambda: sign(header={"jku": "http://127.0.0.1/jwks"}, key=OTHER_KEY),
    "HMAC with the public key": hmac_with_public_key,
    "an RSA key": lambda: jwt.encode(
        {"alg": "RS256", "kid": "k1"}, CLAIMS, RSAKey.generate_key(2048), algorithms=["RS256"]
    ),
    "changed claims": swapped(1, part({**CLAIMS, "role": "owner"})),
    "no signature": swapped(2, ""),
    "a signature of zeros": swapped(2, part(bytes(64))),
    "a signature of 1 byte": swapped(2, part(b"1")),
    "unknown critical header": lambda: unsigned({"alg": "ES256", "kid": "k1", "crit": ["x"]}, sign().split(".")[2]),
    "claims that are a list": lambda: f"{sign().split('.')[0]}.{part([])}.{sign().split('.')[2]}",
    "no token": lambda: "",
    "dots": lambda: "..",
    "one part": lambda: sign().split(".")[0],
    "four parts": lambda: sign() + ".x",
    "words": lambda: "let me in",
    "control characters": lambda: "\r\n\0.\r\n.\0",
    "a token in a token": lambda: f"{sign()}{sign()}",
    "5 kB": lambda: sign({**CLAIMS, "more": "x" * 5000}),
    "deep JSON": lambda: f"{part(b'[' * 3000)}.{part(CLAIMS)}.x",
}


async def test_a_token_of_identity_names_its_principal() -> None:
    """A good token gives the person, organisation, client company, role and session of its claims."""
    assert await verifier().verify(sign()) == CONTACT


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_token_is_refused(forge: Callable[[], str]) -> None:
    """Every forgery is refused with the same error, and never with another one."""
    with pytest.raises(Unauthenticated):
        await verifier().verify(forge())


def test_there_are_enough_forgeries() -> None:
    """The promise speaks of sixty kinds at least."""
    assert len(FORGERIES) >= 60


async def test_a_token_is_refused_after_its_end_though_it_was_seen_before() -> None:
    """Remembering verified tokens does not make them live longer."""
    clock = ManualClock()
    known = verifier(clock=clock)
    token = sign()
    await known.verify(token)
    clock.move(seconds=291)
    with pytest.raises(Unauthenticated):
        await known.verify(token)


@pytest.mark.parametrize("sessions", [["ses_1"], None], ids=["this session", "all sessions"])
async def test_a_token_of_an_ended_session_is_refused(sessions: list[str] | None) -> None:
    """When its session, or all of the person's, ended, a token that is still alive is refused at once."""
    ended = EndedSessions()
    known = verifier(ended)
    token = sign()
    await known.verify(token)
    ended.end("con_1", sessions, CLOCK.now())
    with pytest.raises(Unauthenticated):
        await known.verify(token)


async def test_other_sessions_go_on() -> None:
    """The end of one session leaves the person's others, and a new log-in after the end works."""
    ended = EndedSessions()
    ended.end("con_1", ["ses_9"], CLOCK.now())
    ended.end("con_1", None, CLOCK.now().replace(year=2025))
    assert await verifier(ended).verify(sign()) == CONTACT
