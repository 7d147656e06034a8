"""The table of everything notifications reacts to."""

from chassis.inbox import Inbox, answered
from services.notifications.application.reactions.notify import Notify
from services.notifications.messaging.consumed import CONSUMED
from services.notifications.messaging.directory import Forget, Keeper, Sessions, directory_reactions
from services.notifications.messaging.news import WasMeant, billing_news, collaboration_news, own_news


def inbox(notify: Notify, keep: Keeper, sessions: Sessions, forget: Forget, was_meant: WasMeant) -> Inbox:
    """Return the service's inbox: each type we read, with what we read of it and what we then do."""
    reactions = {
        **directory_reactions(keep, sessions, notify, forget),
        **billing_news(notify),
        **collaboration_news(notify, was_meant),
        **own_news(notify),
    }
    return Inbox("notifications", answered("notifications", CONSUMED, reactions))
