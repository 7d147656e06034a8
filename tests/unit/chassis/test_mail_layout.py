"""The layout of all mails: what mail programs need, a preview, and the same content in both parts."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from chassis.mail_layout import Button, Content, lay_out
from chassis.mail_layout.words import WORDS

LINK = "https://portal.example/northwind/invoices/inv_1?a=1&b=2#token=x"
CONTENT = Content(
    language="en",
    subject="Invoice INV-7 from Nord",
    preview="Nord has sent you invoice INV-7 over €5.",
    organisation="Nord",
    to_name="Zoë",
    message="Nord has sent you invoice INV-7 over €5.",
    quote="First line\nsecond <line>",
    button=Button("Open", LINK, "Valid until tomorrow."),
    note="You get this message once.",
)


class Read(HTMLParser):
    """Keeps the tags, in order, and the text with where it stands."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


def test_the_inbox_shows_what_the_mail_is_about() -> None:
    """The first text of the body is the preview, which the mail itself does not show."""
    read = Read(lay_out(CONTENT)[1])
    place = next(number for number, (tag, _) in enumerate(read.tags) if tag == "body")

    assert read.texts[:2] == [CONTENT.subject, CONTENT.preview]
    assert "display:none" in (read.tags[place + 1][1]["style"] or "")


def test_outlook_knows_the_width_and_the_button() -> None:
    """A table has its width in pixels; the button is a padded block in a cell of its own, coloured as it is."""
    tags = Read(lay_out(CONTENT)[1]).tags
    cell = next(number for number, (tag, attrs) in enumerate(tags) if tag == "td" and attrs.get("bgcolor"))
    style = tags[cell + 1][1]["style"] or ""

    assert any(tag == "table" and attrs.get("width") == "560" for tag, attrs in tags)
    assert (tags[cell + 1][0], tags[cell + 1][1]["href"]) == ("a", LINK)
    assert "display:inline-block" in style
    assert "padding:" in style
    assert "mso-padding-alt:" in (tags[cell][1]["style"] or "")


def test_the_address_is_text_too() -> None:
    """Under the button, and in the plain part on a line of its own, the whole address can be copied."""
    text, html = lay_out(CONTENT)

    assert LINK in Read(html).texts
    assert LINK in text.split("\n")


def test_both_parts_say_the_same() -> None:
    """Greeting, message, quote, remark, organisation and note are in both, the quote's line breaks kept."""
    text, html = lay_out(CONTENT)

    shown = "\n".join(Read(html).texts)
    for said in ("Hello Zoë,", CONTENT.message, "First line", "Valid until tomorrow.", "Nord", CONTENT.note):
        assert said in text
        assert said in shown
    assert "> First line\n> second <line>\n" in text
    assert "First line<br>second &lt;line&gt;" in html


def test_what_is_missing_leaves_no_gap() -> None:
    """Without quote, button and organisation there are neither empty elements nor three line ends in a row."""
    text, html = lay_out(replace(CONTENT, quote="", button=None, organisation=""))

    assert "<blockquote" not in html
    assert "href" not in html
    assert text == f"Hello Zoë,\n\n{CONTENT.message}\n\n-- \n{CONTENT.note}\n"
    assert "\n\n\n" not in lay_out(CONTENT)[0]


@pytest.mark.parametrize("language", [*WORDS, "ja"])
def test_the_language_is_that_of_the_words(language: str) -> None:
    """The mail names the language it was given, and greets in it, or in English where the layout has no words."""
    text, html = lay_out(replace(CONTENT, language=language))

    assert f'<html lang="{language}">' in html
    assert text.startswith(WORDS.get(language, WORDS["en"]).greeting.format(name="Zoë"))
