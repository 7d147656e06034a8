"""The client portal's settings: its name and address, what it shows and whom it tells."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Self, TypedDict

from chassis.pictures import picture_of
from chassis.whole_pictures import is_whole
from chassis.words import Word
from services.identity.domain.errors import InvalidLogo, InvalidSlug
from services.identity.domain.text import line, optional_paragraph

_SLUG = re.compile(r"(?=.{3,63}$)[a-z](?:-?[a-z0-9])*")
_RESERVED_TEXT = """
admin api app assets billing graphql help identity internal login logout mail portal static staff status
support system test well-known www
"""
_RESERVED = frozenset(_RESERVED_TEXT.split())
_LOGO_BYTES = 256 * 1024
_LOGO_SIDE = 4096
_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class DocumentType(Word):
    """What a portal can show."""

    ESTIMATE = "estimate"
    INVOICE = "invoice"

    @classmethod
    def is_carried(cls) -> bool:
        return True


class StaffNotice(Word):
    """What clients do that staff can be told of."""

    VIEWED = "viewed"
    COMMENTED = "commented"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PAID = "paid"

    @classmethod
    def is_carried(cls) -> bool:
        return True


_DATA_HEAD = re.compile(r"\Adata:image/[a-z.+-]{1,20};base64,", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Logo:
    """A small picture: `data` is Base64."""

    media_type: str
    data: str

    @classmethod
    def parse(cls, data: str) -> Self:
        """Return the logo of Base64, with or without the head of a `data:` address (RFC 2397) as we show it ourselves.

        Its media type is read from the bytes themselves.

        Raises:
            InvalidLogo: when it is neither PNG nor JPEG, too big, no Base64, cut or broken, or in colours that no paper
                of ours shows.
        """
        data = _DATA_HEAD.sub("", data, count=1)
        if len(data) > _LOGO_BYTES * 4 // 3 + 4:
            raise InvalidLogo
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise InvalidLogo from None
        for magic, media_type in _MAGIC.items():
            if content.startswith(magic) and len(content) <= _LOGO_BYTES:
                _check_that_papers_show(content)
                return cls(media_type=media_type, data=base64.b64encode(content).decode())
        raise InvalidLogo


def _check_that_papers_show(content: bytes) -> None:
    """Refuse what could be shown on a page, but not be printed on a paper that archives accept (PDF/A)."""
    picture = picture_of(content)
    if picture is not None and picture.is_cmyk:
        raise InvalidLogo("The logo is a JPEG in CMYK, the colours of a printing press. Save it in RGB, or as a PNG.")
    if picture is not None and not (0 < picture.width <= _LOGO_SIDE and 0 < picture.height <= _LOGO_SIDE):
        size = f"{picture.width} × {picture.height}"
        raise InvalidLogo(f"The logo is {size} pixels; make each side 1 to {_LOGO_SIDE} pixels.")
    if picture is None or not is_whole(content):
        raise InvalidLogo("A part of the logo is missing or broken. Save it again as a PNG or JPEG, and upload that.")


class PortalChanges(TypedDict, total=False):
    """The settings to change; a key that is left out keeps its value."""

    name: str
    slug: str
    banner_message: str | None
    logo: Logo | None
    document_types: tuple[DocumentType, ...]
    forwarding_allowed: bool
    clients_may_edit: bool
    notify_staff_of: tuple[StaffNotice, ...]


@dataclass(frozen=True, kw_only=True)
class PortalSettings:
    """Everything staff decide about the portal."""

    name: str
    slug: str
    enabled: bool = True
    banner_message: str | None = None
    logo: Logo | None = None
    document_types: tuple[DocumentType, ...] = tuple(DocumentType)
    forwarding_allowed: bool = True
    clients_may_edit: bool = True
    notify_staff_of: tuple[StaffNotice, ...] = tuple(StaffNotice)

    def checked(self) -> Self:
        """Return them cleaned.

        Raises:
            InvalidInput: naming the setting that is wrong.
        """
        if not _SLUG.fullmatch(self.slug) or self.slug in _RESERVED:
            raise InvalidSlug
        return type(self)(
            name=line(self.name, "name"),
            slug=self.slug,
            enabled=self.enabled,
            banner_message=optional_paragraph(self.banner_message, "bannerMessage"),
            logo=self.logo,
            document_types=tuple(sorted(set(self.document_types))),
            forwarding_allowed=self.forwarding_allowed,
            clients_may_edit=self.clients_may_edit,
            notify_staff_of=tuple(sorted(set(self.notify_staff_of))),
        )
