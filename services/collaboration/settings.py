"""What collaboration can be told by the environment."""

from chassis.settings import ServiceSettings


class CollaborationSettings(ServiceSettings):
    """Nothing but what every service has."""
