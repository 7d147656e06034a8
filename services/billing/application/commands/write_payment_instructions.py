"""Say how clients pay by a mode that is not paid online."""

from dataclasses import dataclass

from chassis.kernel import Clock, Principal, Role
from chassis.text import free_text
from services.billing.application.payment_ports import OfflineInstructions
from services.billing.domain.payment.errors import ModeNotOffline
from services.billing.domain.payment_mode import PaymentMode

INSTRUCTIONS_LIMIT = 2000


@dataclass(frozen=True, kw_only=True)
class WritePaymentInstructions:
    """What clients read about paying by this mode; an empty text brings the default back."""

    mode: PaymentMode
    text: str


@dataclass(frozen=True, slots=True)
class WritePaymentInstructionsHandler:
    """Keeps the text."""

    instructions: OfflineInstructions
    clock: Clock

    async def __call__(self, command: WritePaymentInstructions, by: Principal) -> str:
        """Keep it, and return it.

        Raises:
            RoleForbids, ProofNeeded, ModeNotOffline, InvalidInput.
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        by.require_recent_proof(self.clock.now())
        if not command.mode.is_offline:
            raise ModeNotOffline
        kept = free_text(command.text, INSTRUCTIONS_LIMIT, "text", multiline=True)
        await self.instructions.put(by.organisation_id, command.mode, kept)
        return kept
