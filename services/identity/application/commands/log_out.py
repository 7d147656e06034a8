"""End a session."""

from dataclasses import dataclass

from chassis.kernel import DomainError, Principal, Unavailable, Unreadable
from services.identity.application.ports import Ports
from services.identity.application.signing_in import read_refresh_token
from services.identity.domain.session import EndReason


@dataclass(frozen=True, kw_only=True)
class LogOut:
    """`refresh_token` lets somebody log out whose access token has expired."""

    refresh_token: str | None = None


@dataclass(frozen=True, slots=True)
class LogOutHandler:
    ports: Ports

    async def __call__(self, command: LogOut, by: Principal | None) -> None:
        """End one session: that of the refresh token, or else the one in which the request was made. Never refuses."""
        now = self.ports.clock.now()
        try:
            if command.refresh_token:
                link = read_refresh_token(command.refresh_token, self.ports)
                organisation_id, session_id = link.organisation_id, link.id
            elif by is not None and by.session_id is not None:
                organisation_id, session_id = by.organisation_id, by.session_id
            else:
                return
            principal = Principal.for_service(organisation_id)
            await self.ports.sessions.update(principal, session_id, lambda it: it.end(EndReason.LOGGED_OUT, now))
        except (Unavailable, Unreadable):
            raise
        except DomainError:
            return
