"""Prints estimates, invoices, receipts and statements.

Doors: `TypstRenderer.render(document) -> bytes` (PDF) and `HtmlPrintView.page(document) -> str`; both show the same
`Page`, made by `present`. Text from users is data, never markup: nothing here fetches, includes or evaluates it.
"""

from services.billing.adapters.pdf.presenting import present
from services.billing.adapters.pdf.print_view import HtmlPrintView
from services.billing.adapters.pdf.typst_renderer import TypstRenderer

__all__ = ["HtmlPrintView", "TypstRenderer", "present"]
