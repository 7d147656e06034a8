"""Letters made into mails."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from chassis.directions import apart
from chassis.instants import shown
from chassis.mail import Mailer, MailMessage
from chassis.mail_layout import Button, Content, lay_out
from chassis.mailing.return_path import ReturnPaths
from services.identity.adapters.mails.sentences import SENTENCES, VALID_UNTIL, Kind, language_of
from services.identity.application.ports import Letter


@dataclass(frozen=True, slots=True)
class TemplateMails:
    """Writes letters in the layout of all mails and sends them. `portal_url` is where every link begins."""

    mailer: Mailer
    portal_url: str
    sender: str
    return_paths: ReturnPaths | None = None

    async def invite_contact(self, letter: Letter) -> None:
        await self._send(Kind.CONTACT_INVITE, letter, f"/{letter.slug}/accept-invite")

    async def invite_staff(self, letter: Letter) -> None:
        await self._send(Kind.STAFF_INVITE, letter, "/staff/accept-invite")

    async def reset_password(self, letter: Letter) -> None:
        await self._send(Kind.RESET, letter, f"/{letter.slug or 'staff'}/reset-password")

    async def prove_email(self, letter: Letter) -> None:
        await self._send(Kind.PROVE, letter, "/staff/confirm-email")

    async def email_changed(self, letter: Letter) -> None:
        await self._send(Kind.MOVED, letter, "")

    async def second_factor_changed(self, letter: Letter, *, is_on: bool) -> None:
        await self._send(Kind.FACTOR_ON if is_on else Kind.FACTOR_OFF, letter, "")

    async def passkey_changed(self, letter: Letter, *, is_added: bool) -> None:
        await self._send(Kind.PASSKEY_ADDED if is_added else Kind.PASSKEY_REMOVED, letter, "")

    async def password_changed(self, letter: Letter) -> None:
        await self._send(Kind.CHANGED, letter, "")

    async def _send(self, kind: Kind, letter: Letter, path: str) -> None:
        await self.mailer.send(self.compose(kind, letter, path))

    def compose(self, kind: Kind, letter: Letter, path: str) -> MailMessage:
        """Return the mail. The token stands behind `#`, so browsers send it to no server and in no referrer."""
        language = language_of(letter.language)
        sentences = SENTENCES[language][kind]
        place = apart(letter.portal_name or letter.organisation_name)
        subject, message = sentences.subject.format(place=place), sentences.body.format(place=place)
        content = Content(
            language=language,
            subject=subject,
            preview=message,
            organisation=letter.organisation_name,
            to_name=letter.to_name,
            message=message,
            button=self._button(letter, sentences.button, path, language),
            note=sentences.note,
        )
        text, html = lay_out(content)
        return MailMessage(
            message_id=f"{letter.reference}.{kind}@{urlsplit(self.portal_url).hostname or 'localhost'}",
            sender_name=letter.organisation_name,
            sender=self.sender,
            to_name=letter.to_name,
            to=letter.to,
            subject=subject,
            text=text,
            html=html,
            sent_at=letter.written_at,
            language=language,
            reply_to=letter.reply_to,
            return_path=self._return_path(letter),
        )

    def _return_path(self, letter: Letter) -> str | None:
        """Return where a notice of failure finds this mail; a letter that never waited has no such place."""
        return self.return_paths.of(letter.mail_id, letter.to) if self.return_paths and letter.mail_id else None

    def _button(self, letter: Letter, label: str, path: str, language: str) -> Button | None:
        if not letter.token:
            return None
        link = f"{self.portal_url.rstrip('/')}{path}#token={quote(letter.token)}"
        return Button(label, link, _valid_until(letter, language))


def _valid_until(letter: Letter, language: str) -> str:
    if letter.expires_at is None:
        return ""
    until = shown(
        letter.expires_at, zone=letter.time_zone, language=language, reader=letter.language, place=letter.locale
    )
    return VALID_UNTIL[language].format(until=until)
