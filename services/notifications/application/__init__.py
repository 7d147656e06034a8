"""What notifications can do: its table of contents. Doors build a command and call its handler, with the principal.

`Commands` change something, `Queries` change nothing, `Reactions` answer events, `Jobs` run by themselves. Never knows
how it was called.
"""

from dataclasses import dataclass

from chassis.mailing.delivering import Deliver
from services.notifications.application.commands.choose_preference import ChoosePreferenceHandler
from services.notifications.application.commands.mark_all_read import MarkAllReadHandler
from services.notifications.application.commands.mark_read import MarkReadHandler
from services.notifications.application.nodes import Owners
from services.notifications.application.ports import Directory
from services.notifications.application.queries.follow_mails import MailChanges
from services.notifications.application.queries.show_feed import NewEntries, ShowFeed
from services.notifications.application.queries.show_personal_data import ShowPersonalData
from services.notifications.application.queries.show_preferences import ShowPreferences
from services.notifications.application.reactions.notify import Notify


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Everything that changes something."""

    mark_read: MarkReadHandler
    mark_all_read: MarkAllReadHandler
    choose_preference: ChoosePreferenceHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """Everything that can be asked."""

    feed: ShowFeed
    new_entries: NewEntries
    mail_changes: MailChanges
    preferences: ShowPreferences
    personal_data: ShowPersonalData


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """Everything that answers an event."""

    notify: Notify


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """Everything that is done without being asked."""

    deliver: Deliver


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Everything behind notifications' doors; `owners` answer for what is others'."""

    commands: Commands
    queries: Queries
    reactions: Reactions
    jobs: Jobs
    directory: Directory
    owners: Owners
