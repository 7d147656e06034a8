"""How a service's mail leaves, read and checked at start: a wrong sender would be refused with every single mail."""

from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from chassis.keyring import keyring
from chassis.mail import FileMailer, Mailer
from chassis.mailing.return_path import LONGEST_LOCAL_PART, ReturnPaths
from chassis.settings import ServiceSettings
from chassis.smtp import SmtpMailer

_TLS_PORT = 465
_A_SENDER = (
    "This must be one e-mail address and nothing else, such as portal@example.com: no name, no brackets, no blanks."
)
_TWO_KINDS_OF_TLS = "PORTAL_SMTP_TLS speaks TLS from the first byte, so PORTAL_SMTP_STARTTLS must not be true as well."
_A_RETURN = (
    f"This must be one e-mail address without a plus sign, with at most {LONGEST_LOCAL_PART} letters before the @, "
    "such as bounces@example.com."
)
_A_PAIR = "PORTAL_SMTP_USERNAME and PORTAL_SMTP_PASSWORD belong together: give both or none."


class MailSettings(ServiceSettings):
    """By SMTP, or into a folder when `PORTAL_MAIL_FOLDER` is set.

    `smtp_tls` speaks TLS from the first byte (RFC 8314); left out, port 465 does. `smtp_starttls` upgrades a plain
    connection; left out, where the server offers it. `mail_bounces` is the address below which notices of failure come
    (with `+TOKEN` before the @); without it they go to the sender.
    """

    mail_folder: Path | None = None
    mail_from: str = "portal@localhost.localdomain"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, gt=0, lt=65536)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = Field(default=None, validate_default=True)
    smtp_tls: bool | None = None
    smtp_starttls: bool | None = Field(default=None, validate_default=True)
    mail_bounces: str = Field(default="", validate_default=True)

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str) -> str:
        if not cls.is_one_address(value):
            raise ValueError(_A_SENDER)
        return value

    @staticmethod
    def is_one_address(value: str) -> bool:
        """Tell whether it is one plain e-mail address and nothing else."""
        try:
            address = Address(addr_spec=value)
        except (MessageError, ValueError, IndexError):
            return False
        plain = address.addr_spec == value and value.isascii() and value.isprintable() and " " not in value
        return bool(plain and address.username and address.domain) and not set(value) & set('<>,;:"()[]\\')

    @field_validator("mail_bounces")
    @classmethod
    def _takes_returns(cls, value: str) -> str:
        name, at, domain = value.rpartition("@")
        fits = name and at and domain and len(name) <= LONGEST_LOCAL_PART and "+" not in name
        if value and not (fits and cls.is_one_address(value)):
            raise ValueError(_A_RETURN)
        return value

    @field_validator("smtp_password")
    @classmethod
    def _has_a_name(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if bool(value and value.get_secret_value()) != bool(info.data.get("smtp_username")):
            raise ValueError(_A_PAIR)
        return value

    @field_validator("smtp_starttls")
    @classmethod
    def _is_the_only_tls(cls, value: bool | None, info: ValidationInfo) -> bool | None:
        if value and info.data.get("smtp_tls"):
            raise ValueError(_TWO_KINDS_OF_TLS)
        return value

    def return_paths(self) -> ReturnPaths | None:
        """Return what names mails in their envelopes; None where nobody reads what comes back."""
        return ReturnPaths(self.mail_bounces, keyring(self, "service_key").texts) if self.mail_bounces else None

    def mailer(self) -> Mailer:
        """Return the way out for mails."""
        if self.mail_folder is not None:
            return FileMailer(self.mail_folder)
        at_once = self.smtp_port == _TLS_PORT and not self.smtp_starttls if self.smtp_tls is None else self.smtp_tls
        return SmtpMailer(
            self.smtp_host,
            self.smtp_port,
            username=self.smtp_username or None,
            password=(self.smtp_password.get_secret_value() or None) if self.smtp_password else None,
            starttls=self.smtp_starttls,
            implicit_tls=at_once,
        )
