"""Links to the files of documents: signed, short-lived, for the caller only."""

from datetime import date, datetime
from enum import Enum

import strawberry

from services.billing.api.values import AppInfo
from services.billing.application.printing import FileGrant, PrintForm, PrintKind


@strawberry.enum(description="The form of a file.")
class FileForm(Enum):
    """`PrintForm` with descriptions."""

    PDF = strawberry.enum_value(PrintForm.PDF.value, description="A PDF file to download.")
    PRINT = strawberry.enum_value(PrintForm.PRINT.value, description="A web page to print from the browser.")


@strawberry.type(
    description="A link to a file. Anybody who has the link can download this file until the link expires."
)
class FileLink:
    """A signed link."""

    url: str = strawberry.field(description="The address of the file.")
    expires_at: datetime = strawberry.field(description="When the link expires.")


def link(
    info: AppInfo,
    kind: PrintKind,
    form: FileForm,
    document_id: str,
    *,
    revision: int | None = None,
    currency: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> FileLink:
    """Return a link for the caller; what it shows is checked again when it is opened."""
    links = info.context.app.links
    grant = FileGrant(
        kind=kind,
        form=PrintForm(form.value),
        document_id=document_id,
        principal=info.context.acting(),
        revision=revision,
        currency=currency,
        first_day=first_day,
        last_day=last_day,
    )
    return FileLink(url=links.url(grant), expires_at=links.expires_at())
