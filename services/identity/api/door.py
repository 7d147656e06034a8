"""What resolvers find in their context: the use cases, and how the refresh cookie is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

from chassis.graphql.context import Context
from chassis.graphql.fingerprints import Seal
from services.identity.application import Commands, Queries
from services.identity.application.signing_in import SignedIn

COOKIE = "portal_refresh"
DEVICE_COOKIE = "portal_device"
DEVICE_REMEMBERED = timedelta(days=400)
COOKIE_PATH = "/graphql"


@dataclass(frozen=True, slots=True)
class Door:
    """The application as the subgraph calls it. `secure_cookies` is off only where the portal has no TLS.

    The first of `seals` makes of a password what may be kept to tell it from another one; the others once did, or will.
    """

    commands: Commands
    queries: Queries
    secure_cookies: bool
    seals: Sequence[Seal]


def remember(context: Context[Door], signed_in: SignedIn) -> None:
    """Keep the refresh token in the browser, out of reach of scripts and of other sites, and what tells the device.

    The second outlives the session: it opens nothing, and keeps others from locking this device out.
    """
    if context.response is not None:
        context.response.set_cookie(
            COOKIE,
            signed_in.refresh_token,
            expires=signed_in.refresh_expires_at.astimezone(UTC),
            path=COOKIE_PATH,
            secure=context.app.secure_cookies,
            httponly=True,
            samesite="strict",
        )
        context.response.set_cookie(
            DEVICE_COOKIE,
            signed_in.device_token,
            max_age=int(DEVICE_REMEMBERED.total_seconds()),
            path=COOKIE_PATH,
            secure=context.app.secure_cookies,
            httponly=True,
            samesite="strict",
        )


def forget(context: Context[Door]) -> None:
    """Take the refresh token out of the browser."""
    if context.response is not None:
        context.response.delete_cookie(
            COOKIE, path=COOKIE_PATH, secure=context.app.secure_cookies, httponly=True, samesite="strict"
        )


def device(context: Context[Door]) -> str | None:
    """Return what the browser kept of an earlier log-in."""
    return context.connection.cookies.get(DEVICE_COOKIE)


def user_agent(context: Context[Door]) -> str:
    """Return what the browser says of itself."""
    return context.connection.headers.get("user-agent", "")


def remembered(context: Context[Door]) -> str | None:
    """Return the refresh token that the browser sent."""
    return context.connection.cookies.get(COOKIE)
