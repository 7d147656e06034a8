"""What notifications can be told by the environment."""

from chassis.mail_settings import MailSettings


class NotificationsSettings(MailSettings):
    """How mail leaves, besides what every service has."""
