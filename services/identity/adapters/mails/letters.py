"""Letters made into mails."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.chassis.mail import Mailer, MailMessage
from services.identity.adapters.mails.sentences import FRAMES, SENTENCES, Kind, language_of
from services.identity.application.ports import Letter

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(enabled_extensions=("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class TemplateMails:
    """Writes letters from the templates and sends them. `portal_url` is where every link begins."""

    mailer: Mailer
    portal_url: str
    sender: str

    async def invite_contact(self, letter: Letter) -> None:
        await self._send(Kind.CONTACT_INVITE, letter, f"/{letter.slug}/accept-invite")

    async def invite_staff(self, letter: Letter) -> None:
        await self._send(Kind.STAFF_INVITE, letter, "/staff/accept-invite")

    async def reset_password(self, letter: Letter) -> None:
        await self._send(Kind.RESET, letter, f"/{letter.slug or 'staff'}/reset-password")

    async def password_changed(self, letter: Letter) -> None:
        await self._send(Kind.CHANGED, letter, "")

    async def _send(self, kind: Kind, letter: Letter, path: str) -> None:
        await self.mailer.send(self.compose(kind, letter, path))

    def compose(self, kind: Kind, letter: Letter, path: str) -> MailMessage:
        """Return the mail. The token stands behind `#`, so browsers send it to no server and in no referrer."""
        language = language_of(letter.language)
        sentences, frame = SENTENCES[language][kind], FRAMES[language]
        place = letter.portal_name or letter.organisation_name
        subject = sentences.subject.format(place=place)
        values = {
            "language": language,
            "subject": subject,
            "greeting": frame.greeting.format(name=letter.to_name),
            "body": sentences.body.format(place=place),
            "button": sentences.button,
            "note": sentences.note,
            "organisation": letter.organisation_name,
            "link": f"{self.portal_url.rstrip('/')}{path}#token={quote(letter.token)}" if letter.token else None,
            "valid_until": frame.valid_until.format(until=_until(letter, language)),
            "copy_link": frame.copy_link,
        }
        return MailMessage(
            message_id=f"{letter.reference}.{kind}@identity.portal",
            sender_name=letter.organisation_name,
            sender=self.sender,
            to_name=letter.to_name,
            to=letter.to,
            subject=subject,
            text=_TEMPLATES.get_template("letter.txt").render(values),
            html=_TEMPLATES.get_template("letter.html").render(values),
            sent_at=letter.written_at,
            language=language,
        )


def _until(letter: Letter, language: str) -> str:
    if letter.expires_at is None:
        return ""
    return f"{format_datetime(letter.expires_at, 'long', locale=language)}"
