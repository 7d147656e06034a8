"""A secret and those that are accepted beside it while it is being changed: its successor and its predecessor.

The present one makes (headers, signatures, seals), each of them is accepted. `docs/rotating-secrets.md` has the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings

SUCCESSOR, PREDECESSOR = "_next", "_before"
_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secrets of one name."""

    present: SecretStr
    others: tuple[SecretStr, ...] = ()

    @property
    def texts(self) -> list[str]:
        """Return all secrets, the present one first."""
        return [one.get_secret_value() for one in (self.present, *self.others)]

    @property
    def raw(self) -> list[bytes]:
        """Return all secrets as bytes, the present one first."""
        return [text.encode() for text in self.texts]

    def accepts(self, shown: str) -> bool:
        """Tell whether this is one of them; how long that takes says nothing of which, or how nearly."""
        found = [compare_digest(shown.encode(), one) for one in self.raw]
        return any(found)


def keyring(settings: BaseSettings, name: str) -> Keyring:
    """Return the secret of this name with its successor and predecessor, as far as they are set."""
    beside = (getattr(settings, f"{name}{suffix}") for suffix in (SUCCESSOR, PREDECESSOR))
    return Keyring(getattr(settings, name), tuple(one for one in beside if one.get_secret_value()))


def unfit(settings: BaseSettings) -> list[str]:
    """Return what is wrong with successors and predecessors, a sentence for each setting; values are never shown."""
    fields = type(settings).model_fields
    lines: list[str] = []
    for name in fields:
        lines += _unfit_beside(settings, name, fields) if f"{name}{SUCCESSOR}" in fields else []
    return lines


def _unfit_beside(settings: BaseSettings, name: str, fields: Any) -> list[str]:
    shortest = next((one.min_length for one in fields[name].metadata if hasattr(one, "min_length")), _SHORTEST)
    seen = {getattr(settings, name).get_secret_value(): name}
    lines: list[str] = []
    for beside in (f"{name}{SUCCESSOR}", f"{name}{PREDECESSOR}"):
        text = getattr(settings, beside).get_secret_value()
        if not text:
            continue
        if text in seen:
            told = f"This is the same secret as PORTAL_{seen[text].upper()}; set another one, or leave it out."
            lines.append(f"PORTAL_{beside.upper()}: {told}")
        elif len(text) < shortest:
            lines.append(f"PORTAL_{beside.upper()}: Set at least {shortest} random characters.")
        seen.setdefault(text, beside)
    return lines


def as_keyring(key: SecretStr | Keyring) -> Keyring:
    """Return the ring of a single secret, or the ring."""
    return key if isinstance(key, Keyring) else Keyring(key)


def texts_of(key: str | Sequence[str]) -> Sequence[str]:
    """Return several secrets where one or several were given."""
    return (key,) if isinstance(key, str) else key
