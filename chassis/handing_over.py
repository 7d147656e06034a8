"""What the mailer says, as the way of mails understands it. Door: `mail_outcomes`, around handing one mail over."""

from collections.abc import Generator
from contextlib import contextmanager

from chassis.mail import MailOutcomeUnknown, MailPutOff, MailRefused, MailServerDown
from chassis.mailing import Away, OutcomeUnknown, TryLater, Undeliverable


@contextmanager
def mail_outcomes() -> Generator[None]:
    """Run the block.

    Raises:
        Undeliverable, OutcomeUnknown, TryLater, Away: for what a `Mailer` raises in it.
    """
    try:
        yield
    except MailRefused as error:
        raise Undeliverable(str(error)) from error
    except MailOutcomeUnknown as error:
        raise OutcomeUnknown(str(error)) from error
    except MailPutOff as error:
        raise TryLater(str(error), None) from error
    except MailServerDown as error:
        raise Away(str(error)) from error
