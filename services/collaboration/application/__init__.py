"""What collaboration can do: its table of contents. Doors build a command and call its handler, with the principal.

`Commands` change something, `Queries` change nothing, `Reactions` answer events. Never knows how it was called.
"""

from dataclasses import dataclass

from services.collaboration.application.commands.add_comment import AddCommentHandler
from services.collaboration.application.commands.forward_document import ForwardDocumentHandler
from services.collaboration.application.commands.record_document_view import RecordDocumentViewHandler
from services.collaboration.application.queries.new_comments import NewComments
from services.collaboration.application.queries.show_discussion import ShowDiscussion
from services.collaboration.application.queries.show_personal_data import ShowPersonalData
from services.collaboration.application.reactions.keep_projections import KeepProjections


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Everything that changes something."""

    add_comment: AddCommentHandler
    record_document_view: RecordDocumentViewHandler
    forward_document: ForwardDocumentHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """Everything that can be asked."""

    discussion: ShowDiscussion
    new_comments: NewComments
    personal_data: ShowPersonalData


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """Everything that answers an event."""

    projections: KeepProjections


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Everything behind collaboration's doors."""

    commands: Commands
    queries: Queries
    reactions: Reactions
