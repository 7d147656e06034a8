"""What notifications can be told by the environment."""

from pathlib import Path

from pydantic import Field, SecretStr

from services.chassis.mail import FileMailer, Mailer, SmtpMailer
from services.chassis.settings import ServiceSettings


class NotificationsSettings(ServiceSettings):
    """How mail leaves: by SMTP, or into a folder when `PORTAL_MAIL_FOLDER` is set."""

    mail_folder: Path | None = None
    mail_from: str = "portal@localhost.localdomain"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, gt=0, lt=65536)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool | None = None

    def mailer(self) -> Mailer:
        """Return the way out for mails."""
        if self.mail_folder is not None:
            return FileMailer(self.mail_folder)
        password = self.smtp_password.get_secret_value() if self.smtp_password else None
        return SmtpMailer(
            self.smtp_host,
            self.smtp_port,
            username=self.smtp_username,
            password=password,
            starttls=self.smtp_starttls,
        )
