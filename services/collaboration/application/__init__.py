"""Table of contents: everything collaboration can be asked to do."""

from dataclasses import dataclass

from services.collaboration.application.commands.add_comment import AddCommentHandler
from services.collaboration.application.commands.forward_document import ForwardDocumentHandler
from services.collaboration.application.commands.record_document_view import RecordDocumentViewHandler
from services.collaboration.application.queries.discussion import DiscussionQueries
from services.collaboration.application.queries.new_comments import NewComments
from services.collaboration.application.queries.personal_data import PersonalData
from services.collaboration.application.reactions.keep_projections import KeepProjections


@dataclass(frozen=True, slots=True)
class Commands:
    """What changes something."""

    add_comment: AddCommentHandler
    record_document_view: RecordDocumentViewHandler
    forward_document: ForwardDocumentHandler


@dataclass(frozen=True, slots=True)
class Application:
    """Commands, queries, and what keeps our picture of the others."""

    commands: Commands
    queries: DiscussionQueries
    projections: KeepProjections
    new_comments: NewComments
    personal_data: PersonalData
