"""What notifications can be told by the environment."""

from chassis.mail_settings import MailSettings


class NotificationsSettings(MailSettings):
    """How mail leaves and comes back, besides what every service has."""

    collaboration_url: str = "http://127.0.0.1:8081/collaboration"
    """Where collaboration is asked whether the caller of `node` may see a comment."""
