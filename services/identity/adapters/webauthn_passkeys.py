"""Passkeys by the library `webauthn` (WebAuthn level 3): discoverable, the person verified, of any maker."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from chassis.web_origins import pattern_of
from services.identity.domain.errors import PasskeyRefused
from services.identity.domain.person import NewPasskey, ShownPasskey

LONGEST = 16_384
LONGEST_ID = 1023
"""Bytes of an id, at most (WebAuthn §4)."""
MILLISECONDS = 300_000
R = TypeVar("R")


def origin_of(address: str) -> str:
    """Return the origin of an address, as browsers spell it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


class WebauthnPasskeys:
    """Implements `PasskeyCeremonies`. `domain` is the relying party's id: the portal's host, or a parent of all.

    `origins` are addresses and patterns of origins from which passkeys are taken; `*` stands for none of them.
    """

    def __init__(self, domain: str, name: str, origins: Sequence[str]) -> None:
        self._domain = domain
        self._name = name
        self._origins = pattern_of(origin_of(origin) for origin in origins if "://" in origin)

    def creation(self, challenge: bytes, handle: str, account: str, known: tuple[str, ...]) -> str:
        options = generate_registration_options(
            rp_id=self._domain,
            rp_name=self._name,
            user_id=handle.encode(),
            user_name=account,
            user_display_name=account,
            challenge=challenge,
            timeout=MILLISECONDS,
            exclude_credentials=_described(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return options_to_json(options)

    def request(self, challenge: bytes, known: tuple[str, ...]) -> str:
        options = generate_authentication_options(
            rp_id=self._domain,
            challenge=challenge,
            timeout=MILLISECONDS,
            allow_credentials=_described(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def made(self, answer: str, challenge: bytes) -> NewPasskey:
        made = _trusted(
            answer,
            lambda: verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._domain,
                expected_origin=self._origin(answer),
                require_user_verification=True,
            ),
        )
        if len(made.credential_id) > LONGEST_ID:
            raise PasskeyRefused
        return NewPasskey(
            id=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            backup_eligible=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
            backed_up=made.credential_backed_up,
            attempt=challenge.hex(),
        )

    def _origin(self, answer: str) -> str:
        """Return the origin of the page that an answer says it comes from, one that may."""
        origin = json.loads(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))["origin"]
        if self._origins.fullmatch(origin) is None:
            raise PasskeyRefused
        return origin

    def named(self, answer: str) -> tuple[str, str]:
        return _trusted(answer, lambda: _named(answer))

    def shown(self, answer: str, challenge: bytes, public_key: str, until: datetime) -> ShownPasskey:
        shown = _trusted(
            answer,
            lambda: verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._domain,
                expected_origin=self._origin(answer),
                credential_public_key=base64url_to_bytes(public_key),
                credential_current_sign_count=0,  # the person knows the count, and decides
                require_user_verification=True,
            ),
        )
        return ShownPasskey(
            id=bytes_to_base64url(shown.credential_id),
            attempt=challenge.hex(),
            until=until,
            sign_count=shown.new_sign_count,
            backup_eligible=shown.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
            backed_up=shown.credential_backed_up,
        )


def _described(ids: tuple[str, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in ids]


def _named(answer: str) -> tuple[str, str]:
    told = json.loads(answer)
    handle = told["response"].get("userHandle")
    return bytes_to_base64url(base64url_to_bytes(told["id"])), base64url_to_bytes(handle).decode() if handle else ""


def _trusted(answer: str, look: Callable[[], R]) -> R:
    """Return what the library makes of an answer. Whatever it raises at what a stranger sent is a refusal."""
    if len(answer) > LONGEST:
        raise PasskeyRefused
    try:
        return look()
    except Exception:
        raise PasskeyRefused from None
