"""The recipe of `CONTRIBUTING.md`, "Add a mutation with an event and a notification", as edits: `pinComment`.

Each step has the words under which a test leaves it out. An edit puts text before an anchor, or at the end of a file
(then the anchor is ""). Who moves an anchor moves it here, and looks at the recipe again.
"""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

_C = "services/collaboration"
_N = "services/notifications"


@dataclass(frozen=True)
class Edit:
    """Text that comes before the first `anchor` of a file; `anchor` may be "" for the end of the file."""

    file: str
    anchor: str
    text: str

    def apply(self, tree: Path) -> None:
        """Write the file anew. Raises ValueError when the anchor is gone."""
        file = tree / self.file
        old = file.read_text("utf-8") if file.exists() else ""
        if self.anchor not in old:
            raise ValueError(f"{self.file} has no {self.anchor!r} any more: see tests/support/recipe.py")
        at = old.index(self.anchor) if self.anchor else len(old)
        file.write_text(old[:at] + self.text + old[at:], "utf-8")


def follow(tree: Path, without: Container[str] = ()) -> None:
    """Apply every step to a copy of the tree, but those that are left out."""
    for step, edits in STEPS.items():
        for edit in () if step in without else edits:
            edit.apply(tree)


def _phrases(language: str, subject: str, sentence: str) -> Edit:
    said = f'("{subject}", "{sentence}")'
    text = f'(Kind.COMMENT_PINNED, C): {{"invoice": {said}, "estimate": {said}}},\n        '
    return Edit(f"{_N}/application/phrases/{language}.py", "(Kind.REPLY_ADDED, C)", text)


STEPS: dict[str, tuple[Edit, ...]] = {
    "event": (
        Edit(
            f"{_C}/domain/events.py",
            "",
            '''

@dataclass(frozen=True, kw_only=True)
class CommentPinned(DomainEvent):
    """Staff put a comment above the others."""

    document: KnownDocument
    comment_id: str
    pinned_by: str
''',
        ),
    ),
    "decision": (
        Edit(
            f"{_C}/domain/comment.py",
            "\n    @classmethod\n    def write(",
            """    pinned_at: datetime | None = None
""",
        ),
        Edit(f"{_C}/domain/comment.py", "DocumentNotSent\n", "CommentNotShown, "),
        Edit(f"{_C}/domain/comment.py", "CommentAdded\n", "CommentPinned, "),
        Edit(
            f"{_C}/domain/comment.py",
            "",
            '''
    def pin(self, document: KnownDocument, *, by: Principal, now: datetime) -> None:
        """Put it above the others. Raises RoleForbids, CommentNotShown."""
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        if self.visibility is not Visibility.PORTAL:
            raise CommentNotShown
        if self.pinned_at is None:
            self.pinned_at = now
            self.record(CommentPinned(occurred_at=now, document=document, comment_id=self.id, pinned_by=by.id))
''',
        ),
        Edit(
            f"{_C}/domain/errors.py",
            "",
            '''

class CommentNotShown(Conflict):
    """Only what the client sees can be pinned."""

    description = "The comment is not shown in the portal."

    def __init__(self) -> None:
        super().__init__("This comment is not shown in the portal, so it cannot be pinned.")
''',
        ),
    ),
    "command": (
        Edit(
            f"{_C}/application/commands/pin_comment.py",
            "",
            '''"""Put a comment above the others."""

from dataclasses import dataclass

from chassis.kernel import Clock, Principal, require_id
from services.collaboration.application.documents import Documents
from services.collaboration.domain.comment import Comment
from services.collaboration.domain.repositories import Comments


@dataclass(frozen=True, slots=True)
class PinComment:
    """A comment of a document."""

    comment_id: str


@dataclass(frozen=True, slots=True)
class PinCommentHandler:
    """Loads the comment, pins it, saves it."""

    comments: Comments
    documents: Documents
    clock: Clock

    async def __call__(self, command: PinComment, by: Principal) -> Comment:
        """Return the pinned comment. Raises NotFound, WrongIdKind and what `Comment.pin` raises."""
        comment = await self.comments.get(by, require_id(command.comment_id, "com"))
        document = await self.documents.get(by, comment.document_id)
        now = self.clock.now()
        return await self.comments.update(by, comment.id, lambda one: one.pin(document, by=by, now=now))
''',
        ),
    ),
    "port": (
        Edit(
            f"{_C}/domain/repositories.py",
            "    async def about(self, by: Principal, document_id: str, request: PageRequest)",
            '''    async def update(
        self, by: Principal, aggregate_id: str, change: Callable[[Comment], None]
    ) -> Comment:
        """Load, change and save. Raises NotFound, ConcurrentUpdate."""
        ...

''',
        ),
    ),
    "wiring": (
        Edit(
            f"{_C}/application/__init__.py",
            "    record_document_view: RecordDocumentViewHandler",
            """    pin_comment: PinCommentHandler
""",
        ),
        Edit(
            f"{_C}/application/__init__.py",
            "from services.collaboration.application.commands.record",
            """from services.collaboration.application.commands.pin_comment import PinCommentHandler
""",
        ),
        Edit(
            f"{_C}/bootstrap.py",
            "record_document_view=",
            """pin_comment=PinCommentHandler(comments, known, clock),
            """,
        ),
        Edit(
            f"{_C}/bootstrap.py",
            "from services.collaboration.application.commands.record",
            """from services.collaboration.application.commands.pin_comment import PinCommentHandler
""",
        ),
    ),
    "inputs": (
        Edit(
            f"{_C}/api/inputs.py",
            "",
            '''

@strawberry.input(description="A comment to put above the others.")
class PinCommentInput:
    """Input of `pinComment`."""

    comment_id: strawberry.ID = strawberry.field(description="The comment.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `pinComment`.")
class PinCommentPayload:
    """Payload of `pinComment`."""

    comment: Comment | None = strawberry.field(default=None, description="The comment; null when it was refused.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)
''',
        ),
    ),
    "mutation": (
        Edit(
            f"{_C}/api/schema.py",
            "    RecordDocumentViewInput,",
            """    PinCommentInput,
    PinCommentPayload,
""",
        ),
        Edit(
            f"{_C}/api/schema.py",
            "from services.collaboration.application.commands.record",
            """from services.collaboration.application.commands.pin_comment import PinComment
""",
        ),
        Edit(
            f"{_C}/api/schema.py",
            "    @strawberry.mutation(",
            """    @strawberry.mutation(description="Put a comment that the client sees above the others, for staff.")
    async def pin_comment(
        self, info: AppInfo, input: Annotated[PinCommentInput, given("pinComment")]
    ) -> PinCommentPayload:
        by, app = info.context.acting(), info.context.app

        async def work(_: Seed) -> str:
            return (await app.commands.pin_comment(PinComment(input.comment_id), by=by)).id

        async def show(comment_id: str) -> Mapping[str, Any]:
            return {"comment": Comment.of(await app.queries.comment(by, comment_id))}

        return await DECISIONS.decide_once(info, input, PinCommentPayload, work, show)

""",
        ),
    ),
    "published": (
        Edit(f"{_C}/messaging/published.py", "CommentAdded, DocumentForwarded", "CommentPinned, "),
        Edit(
            f"{_C}/messaging/published.py",
            "PUBLISHED = (",
            '''class CommentPinnedV1(AboutDocument):
    """Staff put a comment above the others."""

    event_type: ClassVar[str] = "collaboration.comment_pinned.v1"
    about: ClassVar[tuple[str, ...]] = ("comment_id",)

    comment_id: Annotated[str, id_of("The comment.", "com")]
    pinned_by: Annotated[str, id_of("Who pinned it: a member of staff.", "stf")]


''',
        ),
        Edit(f"{_C}/messaging/published.py", "CommentAddedV1, DocumentViewedV1", "CommentPinnedV1, "),
        Edit(
            f"{_C}/messaging/published.py",
            "LANGUAGE = ",
            """def _comment_pinned(event: CommentPinned) -> Published:
    return CommentPinnedV1.model_validate(
        _about(event) | {"comment_id": event.comment_id, "pinned_by": event.pinned_by}
    )


""",
        ),
    ),
    "translation": (
        Edit(f"{_C}/messaging/published.py", "CommentAdded: _comment_added", "CommentPinned: _comment_pinned, "),
    ),
    "example": (
        Edit(
            f"{_C}/messaging/examples.py",
            "    view = View.open",
            """    comment.pin(document, by=_owner(), now=_later(hours=2, minutes=5))
""",
        ),
        Edit(
            f"{_C}/messaging/examples.py",
            "def _id(",
            """def _owner() -> Principal:
    return Principal(id=_id("stf"), organisation_id=_id("org"), role=Role.OWNER)


""",
        ),
    ),
    "kind": (
        Edit(
            f"{_N}/domain/kinds.py",
            "    DOCUMENT_FORWARDED = ",
            """    COMMENT_PINNED = "comment_pinned"
""",
        ),
    ),
    "audience": (
        Edit(
            f"{_N}/domain/kinds.py",
            "    Telling(\n        kind=Kind.REPLY_ADDED",
            """    Telling(
        kind=Kind.COMMENT_PINNED,
        audience=Audience.CLIENT,
        facts=("collaboration.comment_pinned.v1",),
    ),
""",
        ),
    ),
    "phrases": (
        _phrases("english", "Comment on {number} pinned", "{actor} pinned a comment on {number}."),
        _phrases("german", "Kommentar zu {number} angeheftet", "{actor} hat einen Kommentar zu {number} angeheftet."),
        _phrases("spanish", "Comentario fijado en {number}", "{actor} ha fijado un comentario en {number}."),
    ),
    "one language": (
        _phrases("french", "Commentaire épinglé sur {number}", "{actor} a épinglé un commentaire sur {number}."),
    ),
    "enumeration": (
        Edit(
            f"{_N}/api/types.py",
            "    DOCUMENT_FORWARDED = strawberry",
            """    COMMENT_PINNED = strawberry.enum_value("comment_pinned", description="Staff pinned a comment.")
""",
        ),
    ),
    "consumed": (
        Edit(
            f"{_N}/messaging/consumed.py",
            "class DocumentViewed(",
            '''class CommentPinned(AboutDocument):
    """Staff pinned a comment."""

    pinned_by: str


''',
        ),
    ),
    "line of CONSUMED": (
        Edit(
            f"{_N}/messaging/consumed.py",
            '    "collaboration.document_viewed.v1"',
            """    "collaboration.comment_pinned.v1": CommentPinned,
""",
        ),
    ),
    "reaction": (
        Edit(
            f"{_N}/messaging/news.py",
            "    DocumentForwarded,\n    DocumentViewed,",
            """    CommentPinned,
""",
        ),
        Edit(
            f"{_N}/messaging/news.py",
            "    async def document_viewed",
            """    async def comment_pinned(event: Received[CommentPinned]) -> None:
        await notify.clients(_of_document(event, Kind.COMMENT_PINNED, event.data.pinned_by))

""",
        ),
    ),
    "line of the table": (
        Edit(
            f"{_N}/messaging/news.py",
            "        DocumentViewed: document_viewed",
            """        CommentPinned: comment_pinned,
""",
        ),
    ),
    "row": (
        Edit(
            "tests/e2e/matrix.py",
            '    "recordDocumentView"',
            """    "pinComment": Row(given={"commentId": "{comment}"}),
""",
        ),
    ),
    "read back": (
        Edit("tests/contract/test_inputs_have_outputs.py", '"estimateId", "invoiceId", "paymentId"', '"commentId", '),
    ),
}
"""In the order of the recipe; what a step imports, earlier steps have made."""
