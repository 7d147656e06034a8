"""The one layout of our mails: `lay_out(content) -> (text, html)`.

What people wrote is text in both parts and never a template. The HTML is made for what mail programs know: tables with
a `width`, a button inside a cell of its own, its address as text under it, and first of all a line for the inbox's
preview. The words of the layout itself are in `words.py`, beside what shows them; all others come from the services.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chassis.directions import apart
from chassis.mail_layout.words import WORDS

__all__ = ["Button", "Content", "lay_out"]


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(enabled_extensions=("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_HTML, _TEXT = _TEMPLATES.get_template("mail.html"), _TEMPLATES.get_template("mail.txt")


@dataclass(frozen=True, slots=True)
class Button:
    """Where a mail leads, and what is to be known of the link, such as until when it is valid."""

    label: str
    link: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a mail says, as plain text.

    `preview` is the line that an inbox shows beside the subject: it tells what the mail is about. `language` is that of
    all words; a language without words of the layout reads English. `quote` is what somebody wrote.
    """

    language: str
    subject: str
    preview: str
    organisation: str
    to_name: str
    message: str
    quote: str = ""
    button: Button | None = None
    note: str


def lay_out(content: Content) -> tuple[str, str]:
    """Return the mail as plain text and as HTML."""
    words = WORDS.get(content.language, WORDS["en"])
    shown = {
        "mail": content,
        "greeting": words.greeting.format(name=apart(content.to_name)),
        "copy_link": words.copy_link,
        "labelled": words.labelled.format(label=content.button.label) if content.button else "",
    }
    return _TEXT.render(shown), _HTML.render(shown)
