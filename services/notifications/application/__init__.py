"""Table of contents: everything notifications can be asked to do."""

from dataclasses import dataclass

from chassis.mailing.delivering import Deliver
from services.notifications.application.nodes import Owners
from services.notifications.application.notify import Notify
from services.notifications.application.personal_data import PersonalData
from services.notifications.application.ports import Directory
from services.notifications.application.reading import Reading


@dataclass(frozen=True, slots=True)
class Application:
    """`notify` is for events, `deliver` for the mail queue, `reading` for people, `owners` for what is others'."""

    notify: Notify
    deliver: Deliver
    reading: Reading
    directory: Directory
    owners: Owners
    personal_data: PersonalData
