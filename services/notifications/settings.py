"""What notifications can be told by the environment."""

from services.chassis.mail import MailSettings


class NotificationsSettings(MailSettings):
    """Nothing but what every service that sends mail has."""
