"""The table of everything notifications reacts to."""

from chassis.inbox import Inbox, answered
from services.notifications.application.reactions.notify import Notify
from services.notifications.messaging.consumed import CONSUMED
from services.notifications.messaging.directory import Keeper, Sessions, directory_reactions
from services.notifications.messaging.news import billing_news, collaboration_news, own_news


def inbox(notify: Notify, keep: Keeper, sessions: Sessions) -> Inbox:
    """Return the service's inbox: each type we read, with what we read of it and what we then do."""
    reactions = {
        **directory_reactions(keep, sessions, notify),
        **billing_news(notify),
        **collaboration_news(notify),
        **own_news(notify),
    }
    return Inbox("notifications", answered("notifications", CONSUMED, reactions))
