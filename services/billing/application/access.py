"""Who may do what in billing: owners and accountants write, every staff member reads, contacts answer and pay.

Whose documents they are is settled by the repositories' scope; this adds roles and what the portal shows.
"""

from chassis.kernel import AggregateRoot, NotFound, Principal, Role, require_id
from services.billing.application.ports import Directory
from services.billing.domain.errors import DocumentChanged
from services.billing.domain.series import Series


def require_writer(by: Principal) -> None:
    """Refuse everybody but owners and accountants. Raises RoleForbids."""
    by.require_role(Role.OWNER, Role.ACCOUNTANT)


def require_estimate_id(estimate_id: str) -> str:
    """Return the id. Raises WrongIdKind."""
    return require_id(estimate_id, "est", "estimateId")


def require_invoice_id(invoice_id: str) -> str:
    """Return the id. Raises WrongIdKind."""
    return require_id(invoice_id, "inv", "invoiceId")


def require_unchanged(document: AggregateRoot, expected_version: int | None) -> None:
    """Refuse to overwrite what somebody else saved since the caller read it. Raises DocumentChanged."""
    if expected_version is not None and document.version != expected_version:
        raise DocumentChanged


async def is_shown(by: Principal, kind: Series, directory: Directory) -> bool:
    """Tell whether the principal sees documents of this kind at all: staff always, contacts if the portal shows it.

    What we were told last may be late: only identity's own answer hides anything. Raises DirectoryUnavailable.
    """
    if not by.is_contact or (await directory.portal(by)).shows(kind.value):
        return True
    return (await directory.portal_now(by)).shows(kind.value)


async def require_shown(by: Principal, kind: Series, directory: Directory) -> None:
    """Refuse a contact whose portal does not show documents of this kind. Raises NotFound."""
    if not await is_shown(by, kind, directory):
        raise NotFound(kind.value)
