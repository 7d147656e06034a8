"""What a draft would come to if it were saved now: for forms that show totals while somebody types."""

from typing import Annotated

import strawberry

from chassis.graphql.refusals import Decisions
from chassis.kernel import DomainError
from services.billing.api import inputs
from services.billing.api.errors import UserError, UserErrorCode
from services.billing.api.values import (
    AppInfo,
    DocumentAdjustment,
    DocumentLine,
    DocumentTotals,
    adjustments_of,
    lines_of,
)
from services.billing.application.access import require_writer

_REFUSALS = Decisions(UserError, UserErrorCode)


@strawberry.type(description="The amounts that a document would have if it were saved; nothing is stored.")
class DocumentPreview:
    """The amounts of a draft that somebody is writing."""

    lines: list[DocumentLine] | None = strawberry.field(
        default=None, description="The lines with their amounts; null where saving would be refused."
    )
    adjustments: list[DocumentAdjustment] | None = strawberry.field(
        default=None,
        description="The discounts and charges with their amounts; null where saving would be refused.",
    )
    totals: DocumentTotals | None = strawberry.field(
        default=None, description="The totals and the tax breakdown; null where saving would be refused."
    )
    user_errors: list[UserError] = strawberry.field(
        description="Why saving would be refused, all of it that concerns the content; else empty."
    )


@strawberry.type
class PreviewQueries:
    """Queries about what is not saved."""

    @strawberry.field(
        description="The amounts of a draft estimate or invoice with this content: computed, and refused, as "
        "`createInvoice` and the like do it. Nothing is stored. Requires the owner or accountant role."
    )
    def preview_document(
        self,
        info: AppInfo,
        input: Annotated[inputs.PreviewDocumentInput, strawberry.argument(description="The content.")],
    ) -> DocumentPreview | None:
        require_writer(info.context.acting())
        try:
            content = input.content()
        except DomainError as refused:
            return DocumentPreview(user_errors=[_REFUSALS.refusal(info, one) for one in refused.all])
        return DocumentPreview(
            lines=lines_of(content),
            adjustments=adjustments_of(content),
            totals=DocumentTotals.of(content.amounts, content.currency),
            user_errors=[],
        )
