"""The form of a language: its sentences, and the words around them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.domain.kinds import Audience, Kind

Said = tuple[str, str]
"""A subject and a sentence."""
Phrases = Mapping[tuple[Kind, Audience], Mapping[str, Said]]
"""By kind and audience, then by the type of document it is about."""


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that notifications say in one language."""

    phrases: Phrases
    words: Mapping[str, str]
