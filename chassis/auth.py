"""Who is asking: access tokens verified against identity's published keys, and sessions that ended before they expire.

Tokens are ES256 JWTs (RFC 7519, RFC 7518 §3.4). Only identity signs them; every service verifies them itself.

Longer than most files, because a token's signature, its times by identity's clock and the end of its session are one
verdict.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, runtime_checkable

import aiohttp
import orjson
import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode

from chassis.kernel import Clock, NoAnswer, Principal, Role, SystemClock

_LOG = structlog.stdlib.get_logger("tokens")

AUDIENCE = "portal"
TOKEN_TYPE = "access"  # noqa: S105 - a claim's value
TOKEN_LIFE = timedelta(minutes=5)
LEEWAY_SECONDS = 5
LONGEST_SKEW = timedelta(minutes=1)
"""How far identity's clock may be ahead of what a service takes it to be."""
NOTED_SKEW = timedelta(seconds=30)
"""From which difference on tokens are judged by identity's clock and not by ours; less is the way there and back."""
LONGEST_UNSURE = timedelta(minutes=1)
"""How long log-ins count while nobody can tell which sessions ended meanwhile."""
LONGEST_TOKEN = 4096
LOOK_AGAIN_SECONDS = 30
"""How long identity's clock counts as known while tokens are refused for their time."""
REMEMBERED_TOKENS = 10_000


class Unauthenticated(Exception):
    """Nobody we know: the token is missing, forged, expired, or its session has ended. `code` is for clients."""

    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Please log in.") -> None:
        super().__init__(message)
        self.message = message


class LogInsUnchecked(NoAnswer):
    """The keys cannot be had, so that nobody can tell whether somebody is logged in: never "please log in"."""

    code = "LOG_INS_UNCHECKED"

    def __init__(self) -> None:
        super().__init__("Log-ins cannot be checked right now. Try again in a moment.")
        self.message = str(self)


class KeySource(Protocol):
    """Where public keys come from."""

    async def key(self, key_id: str) -> ECKey | None:
        """Return the public key with this id, or None. Raises LogInsUnchecked."""
        ...


@runtime_checkable
class KnowsTheTime(Protocol):
    """A source of keys that knows its issuer's clock as well."""

    @property
    def ahead(self) -> timedelta:
        """How far identity's clock is ahead of ours; zero while the two are about the same."""
        ...

    def look_again(self) -> None:
        """Ask identity anew before the next token, since one was refused for its time."""
        ...


class JwksKeys:
    """Identity's keys, fetched from its JWKS document (RFC 7517) and kept; an unknown id asks again, but seldom.

    The answer tells identity's time, too (`Date`): a machine whose clock is wrong refuses nobody for that.

    However many tokens name unknown keys, one asks at a time, and the next one after a pause, which doubles while
    identity is away. Whoever names a key that is kept does not wait for a refresh that others began.
    """

    def __init__(
        self,
        url: str,
        *,
        refresh_seconds: float = 300,
        least_pause_seconds: float = 5,
        longest_pause_seconds: float = 30,
        seconds: Callable[[], float] = time.monotonic,
        clock: Clock | None = None,
    ) -> None:
        self.ahead = timedelta()
        self._clock = clock or SystemClock()
        self._url = url
        self._refresh_seconds = refresh_seconds
        self._pauses = (least_pause_seconds, longest_pause_seconds)
        self._seconds = seconds
        self._keys: dict[str, ECKey] = {}
        self._refresh_at, self._ask_at, self._pause = float("-inf"), float("-inf"), 0.0
        self._asked_at = float("-inf")
        self._is_away = False
        self._asking = asyncio.Lock()

    async def key(self, key_id: str) -> ECKey | None:
        if self._is_due(key_id) and not (key_id in self._keys and self._asking.locked()):
            async with self._asking:
                if self._is_due(key_id):
                    await self._fetch()
        if key_id not in self._keys and self._is_away:
            raise LogInsUnchecked
        return self._keys.get(key_id)

    def look_again(self) -> None:
        self._refresh_at = min(self._refresh_at, self._asked_at + LOOK_AGAIN_SECONDS)

    def _is_due(self, key_id: str) -> bool:
        now = self._seconds()
        return now >= self._ask_at and (key_id not in self._keys or now >= self._refresh_at)

    async def _fetch(self) -> None:
        least, longest = self._pauses
        timeout = aiohttp.ClientTimeout(total=3)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._url) as response:
                document: Any = orjson.loads(await response.read())
                self._keys = public_keys(document)
                self._compare(response.headers.get("date", ""))
                self._is_away, self._pause = False, least
                self._asked_at = self._seconds()
                self._refresh_at = self._asked_at + self._refresh_seconds
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
            self._pause = min(self._pause * 2, longest) if self._is_away else min(1.0, least)
            self._is_away = True
        self._ask_at = self._seconds() + self._pause

    def _compare(self, told: str) -> None:
        """Note how far identity's clock (an HTTP date, empty where it tells none) is ahead of ours."""
        ahead = timedelta()
        with suppress(ValueError):
            ahead = parsedate_to_datetime(told).astimezone(UTC) - self._clock.now()
        self.ahead = ahead if abs(ahead) > NOTED_SKEW else timedelta()
        if self.ahead:
            advice = "identity's clock is ahead of this machine's by so many seconds: set all clocks by NTP"
            _LOG.warning("clock_differs", seconds=round(self.ahead.total_seconds()), reason=advice)


def public_keys(document: Any) -> dict[str, ECKey]:
    """Return the EC keys of a JWKS document by key id."""
    return {entry["kid"]: ECKey.import_key(entry) for entry in document["keys"] if entry.get("kty") == "EC"}


class EndedSessions:
    """The sessions that ended while a token of theirs may still be alive; kept in memory, filled from a store."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._sessions: dict[str, datetime] = {}
        self._principals: dict[str, datetime] = {}
        self._first: Callable[[], Awaitable[None]] | None = None
        self._read_at: Callable[[], float] | None = None

    def learn_by(self, first: Callable[[], Awaitable[None]]) -> None:
        """Nothing is known until `first` has filled this memory; it is called by the first who asks."""
        self._first = first

    def kept_fresh(self, read_at: Callable[[], float]) -> None:
        """From now on somebody keeps the memory fresh; `read_at` says of when it is (monotonic seconds)."""
        self._read_at = read_at

    async def require_known(self) -> None:
        """Make sure that the memory says what ended, up to a minute ago.

        Raises:
            LogInsUnchecked: when its store cannot be read.
        """
        if self._first is not None:
            try:
                await self._first()
            except Exception:
                raise LogInsUnchecked from None
            self._first = None
        if self._read_at is not None and self._seconds() - self._read_at() > LONGEST_UNSURE.total_seconds():
            raise LogInsUnchecked

    def end(self, principal_id: str, session_ids: Iterable[str] | None, ended_at: datetime) -> None:
        """Refuse tokens of these sessions, or with None all tokens of the principal issued until then."""
        if session_ids is None:
            self._principals[principal_id] = max(ended_at, self._principals.get(principal_id, ended_at))
        else:
            self._sessions.update(dict.fromkeys(session_ids, ended_at))

    def has_ended(self, principal: Principal, issued_at: datetime) -> bool:
        """Tell whether a token of this principal, issued then, is refused."""
        if principal.session_id in self._sessions:
            return True
        cut_off = self._principals.get(principal.id)
        return cut_off is not None and issued_at <= cut_off

    def forget(self, before: datetime) -> None:
        """Drop what ended so long ago that no token can be alive."""
        self._sessions = {key: at for key, at in self._sessions.items() if at >= before}
        self._principals = {key: at for key, at in self._principals.items() if at >= before}


class TokenVerifier:
    """Turns an access token into the principal who acts."""

    def __init__(self, keys: KeySource, issuer: str, clock: Clock, ended: EndedSessions | None = None) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock
        self._time = keys if isinstance(keys, KnowsTheTime) else None
        self._ended = ended or EndedSessions()
        self._verified: OrderedDict[str, tuple[Principal, datetime, float]] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """Return the principal of a token.

        Raises:
            Unauthenticated: for every token that identity did not sign for us, that has expired, or whose session
                ended. The text never says which.
            LogInsUnchecked: when the keys cannot be had, or nobody can tell which sessions ended.
        """
        await self._ended.require_known()
        principal, issued_at, expires = self._verified.get(token) or await self._decode(token)
        if expires <= self._now().timestamp() or self._ended.has_ended(principal, issued_at):
            self._verified.pop(token, None)
            raise Unauthenticated("Your session has ended. Please log in again.")
        return principal

    async def _decode(self, token: str) -> tuple[Principal, datetime, float]:
        try:
            claims = await self._claims(token)
            principal = _principal(claims)
            issued = datetime.fromtimestamp(claims["iat"], tz=self._clock.now().tzinfo)
            decoded = (principal, issued, float(claims["exp"]))
        except (JoseError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            if self._time is not None and is_about_time(error):
                self._time.look_again()
            raise Unauthenticated("Your session has ended. Please log in again.") from None
        self._verified[token] = decoded
        if len(self._verified) > REMEMBERED_TOKENS:
            self._verified.popitem(last=False)
        return decoded

    def _now(self) -> datetime:
        """Return identity's time, which is what its tokens speak of."""
        return self._clock.now() + self._time.ahead if self._time is not None else self._clock.now()

    async def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise ValueError("too long")
        header = _header(token)
        key_id = header.get("kid")
        key = await self._keys.key(key_id) if isinstance(key_id, str) else None
        if key is None or header.get("alg") != "ES256":
            raise ValueError("no such key")
        claims = jwt.decode(token, key, algorithms=["ES256"]).claims
        registry = _Claims(
            now=int(self._now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": AUDIENCE},
            typ={"essential": True, "value": TOKEN_TYPE},
            sub={"essential": True},
            org={"essential": True},
            sid={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        registry.validate(claims)
        if claims["exp"] - claims["iat"] > TOKEN_LIFE.total_seconds():
            raise ValueError("lives too long")
        return claims


def is_about_time(error: Exception) -> bool:
    """Tell whether a token was refused for being too old, or not yet valid."""
    return isinstance(error, ExpiredTokenError) or (isinstance(error, InvalidClaimError) and error.claim == "iat")


class _Claims(jwt.JWTClaimsRegistry):
    """The library's checks, with a longer leeway for tokens from the future: clocks of machines differ."""

    def validate_iat(self, value: object) -> None:
        if not isinstance(value, int) or value > self.now + LONGEST_SKEW.total_seconds():
            raise InvalidClaimError("iat")


def _header(token: str) -> dict[str, Any]:
    header: Any = orjson.loads(urlsafe_b64decode(token.split(".", 1)[0].encode()))
    if not isinstance(header, dict):
        raise TypeError("no header")
    return header  # pyright: ignore[reportUnknownVariableType]


def _principal(claims: dict[str, Any]) -> Principal:
    role = Role(claims["role"])
    customer_id = claims.get("cus")
    if role is Role.SERVICE or (role is Role.CONTACT) != (customer_id is not None):
        raise ValueError("the role does not fit")
    texts = (claims["sub"], claims["org"], claims["sid"], *([customer_id] if customer_id is not None else []))
    if not all(isinstance(text, str) and text for text in texts):
        raise ValueError("claims must be texts")
    return Principal(
        id=claims["sub"],
        organisation_id=claims["org"],
        role=role,
        customer_id=customer_id,
        session_id=claims["sid"],
        proven_at=_proven_at(claims),
        email_proven=claims.get("email_verified", True) is not False,
    )


def _proven_at(claims: dict[str, Any]) -> datetime | None:
    """Return when the person last showed who it is; tokens of earlier versions do not tell."""
    at = claims.get("auth_time")
    return None if at is None else datetime.fromtimestamp(at, tz=UTC)


Authenticate = Callable[[str], Awaitable[Principal]]
"""From a token to a principal; `TokenVerifier.verify`."""
