"""What notifications say, in every language that has a translation.

One module per language. Of each kind and audience there is one subject and one sentence for every type of document it
can be about: whole sentences, since an article, a preposition or a participle follows the noun. Names in braces are
filled with plain text. A language that lacks a sentence cannot be imported: `complete` compares it with English.
"""

from collections.abc import Mapping

from services.notifications.application.phrases import english, french, german, spanish
from services.notifications.application.phrases.model import Language, Phrases

__all__ = ["ENGLISH", "PHRASES", "WORDS", "complete"]


def complete(languages: Mapping[str, Language]) -> Mapping[str, Language]:
    """Return the languages. Raises LookupError when one has other sentences or words than English."""
    wanted = _keys(languages["en"])
    for tag, language in languages.items():
        if different := _keys(language) ^ wanted:
            raise LookupError(f"phrases in {tag!r}: {', '.join(sorted(different))}")
    return languages


def _keys(language: Language) -> set[str]:
    sentences = {f"{kind}/{audience}/{about}" for (kind, audience), said in language.phrases.items() for about in said}
    return sentences | set(language.words)


_LANGUAGES = complete({"en": english.LANGUAGE, "de": german.LANGUAGE, "fr": french.LANGUAGE, "es": spanish.LANGUAGE})
ENGLISH: Phrases = english.LANGUAGE.phrases
PHRASES = {tag: language.phrases for tag, language in _LANGUAGES.items()}
WORDS = {tag: language.words for tag, language in _LANGUAGES.items()}
