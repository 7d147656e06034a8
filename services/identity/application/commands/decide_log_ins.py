"""Say whether a second factor is off, offered or required. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role
from services.identity.application.ports import Ports
from services.identity.domain.organisation import LogInPolicy, Organisation


@dataclass(frozen=True, kw_only=True)
class DecideLogIns:
    policy: LogInPolicy


@dataclass(frozen=True, slots=True)
class DecideLogInsHandler:
    ports: Ports

    async def __call__(self, command: DecideLogIns, by: Principal) -> Organisation:
        """Say whether a second factor is off, offered or required. Owners only.

        Raises:
            ProofNeeded
        """
        by.require_role(Role.OWNER)
        by.require_recent_proof(self.ports.clock.now())
        return await self.ports.organisations.update(
            by, by.organisation_id, lambda it: it.decide_log_ins(command.policy)
        )
