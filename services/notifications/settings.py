"""What notifications can be told by the environment."""

from pydantic import Field, field_validator

from chassis.keyring import keyring
from chassis.mail_settings import MailSettings
from chassis.mailing.return_path import LONGEST_LOCAL_PART, ReturnPaths

_A_RETURN = (
    f"This must be one e-mail address without a plus sign, with at most {LONGEST_LOCAL_PART} letters before the @, "
    "such as bounces@example.com."
)


class NotificationsSettings(MailSettings):
    """How mail leaves and comes back, besides what every service has.

    `mail_bounces` is the address below which notices of failure come (with `+TOKEN` before the @); without it they go
    to the sender.
    """

    collaboration_url: str = "http://127.0.0.1:8081/collaboration"
    """Where collaboration is asked whether the caller of `node` may see a comment."""
    mail_bounces: str = Field(default="", validate_default=True)

    @field_validator("mail_bounces")
    @classmethod
    def _takes_returns(cls, value: str) -> str:
        name, at, domain = value.rpartition("@")
        fits = name and at and domain and len(name) <= LONGEST_LOCAL_PART and "+" not in name
        if value and not (fits and cls.is_one_address(value)):
            raise ValueError(_A_RETURN)
        return value

    def return_paths(self) -> ReturnPaths | None:
        """Return what names mails in their envelopes; None where nobody reads what comes back."""
        return ReturnPaths(self.mail_bounces, keyring(self, "service_key").texts) if self.mail_bounces else None
