"""Identity's mails have return paths of their own, each of which names its mail."""

from dataclasses import replace

import pytest

from chassis.mail import MailMessage
from chassis.mailing.return_path import Returned, ReturnPaths, mark_of
from services.identity.adapters.mails.courier import LetterCourier
from services.identity.adapters.mails.letters import TemplateMails
from services.identity.application import reactions_of
from services.identity.application.commands.accept_invite import AcceptInvite
from services.identity.domain.events import EmailProofRequested, PasswordResetRequested
from services.identity.domain.outgoing import Occasion, OutgoingMail
from tests.support.clock import NOON
from tests.support.identity.world import PASSWORD, World, ask_for_reset

PATHS = ReturnPaths("bounces@portal.example", ["a secret of tests"])
FORMER = "former@krause.example"


class Sent(list[MailMessage]):
    """Implements `Mailer`."""

    async def send(self, message: MailMessage) -> None:
        self.append(message)


@pytest.mark.parametrize("occasion", Occasion)
async def test_a_mail_names_itself_where_it_may_come_back(occasion: Occasion) -> None:
    """Whatever it is about, the notice of its failure finds the mail and the address that it went to."""
    world, sent = await World().with_portal(), Sent()
    organisation_id, about, to, generation = await _about(world, occasion)
    mail = OutgoingMail.of("evt_1", NOON, organisation_id, occasion, about, generation)
    if occasion is Occasion.EMAIL_CHANGED:
        mail.to, mail.to_name = to, "Jona"
    mails = TemplateMails(sent, "https://portal.example", "portal@portal.example", PATHS)
    await LetterCourier(reactions_of(replace(world.ports, mails=mails))).deliver(mail)
    [message] = sent
    assert (message.to, PATHS.read(message.return_path or "")) == (to, Returned(mail.id, mark_of(to)))


async def _about(world: World, occasion: Occasion) -> tuple[str, str, str, int]:
    """Return whose a mail is, what it is about, whom it goes to, and which of several it is."""
    if occasion is Occasion.EMAIL_PROOF:
        registered = await world.register(email="new@firm.example", proven=False)
        asked = world.told(EmailProofRequested)[-1]
        return registered.organisation.id, asked.principal_id, "new@firm.example", asked.generation
    contact = await world.invited()
    ours = contact.organisation_id
    if occasion is Occasion.INVITE:
        return ours, contact.id, contact.email, contact.invite.generation if contact.invite else 0
    await world.commands.accept_invite(AcceptInvite(token=world.token(contact), password=PASSWORD))
    if occasion is Occasion.RESET:
        await ask_for_reset(world, contact.email)
        return ours, world.told(PasswordResetRequested)[-1].reset_id, contact.email, 0
    return ours, contact.id, FORMER if occasion is Occasion.EMAIL_CHANGED else contact.email, 0
