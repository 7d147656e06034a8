"""The print view: one HTML page that needs nothing from anywhere, for the browser's own print dialogue."""

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.billing.adapters.pdf.codes import svg_of
from services.billing.adapters.pdf.links import addresses
from services.billing.adapters.pdf.logo import image_type
from services.billing.adapters.pdf.page import Composed
from services.billing.adapters.pdf.presenting import present
from services.billing.application.printing import PrintedDocument

_TEMPLATES = Path(__file__).parent / "templates"


class HtmlPrintView:
    """Implements `PrintView`. Serve its pages with `api.files.PRINT_POLICY`, which forbids scripts and fetches."""

    def __init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=False
        )
        self._template = environment.get_template("print.html.jinja")
        style = Markup((_TEMPLATES / "print.css").read_text("utf-8"))  # noqa: S704 — our own file, not input
        self._template.globals.update(style=style, addresses=addresses, is_composed=_is_composed, code=_picture_of)

    def page(self, document: PrintedDocument) -> str:
        """Return the document as one HTML page, its logo inside as a data URL."""
        logo = _data_url(document.letter.logo)
        return self._template.render(page=present(document), logo=logo)


def _is_composed(text: str) -> bool:
    return isinstance(text, Composed)


def _picture_of(code: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg_of(code).encode()).decode()}"


def _data_url(logo: bytes | None) -> str:
    kind = image_type(logo)
    return f"data:image/{kind};base64,{base64.b64encode(logo).decode()}" if kind and logo else ""
