"""What the layout itself says, by language: how a person is greeted, and what stands around a button."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The layout's words in one language; `labelled` is a label with its colon."""

    greeting: str
    copy_link: str
    labelled: str


WORDS = {
    "en": Words("Hello {name},", "If the button does not work, open this address:", "{label}:"),
    "de": Words(
        "Guten Tag {name},", "Falls die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:", "{label}:"
    ),
    "fr": Words("Bonjour {name},", "Si le bouton ne fonctionne pas, ouvrez cette adresse\u202f:", "{label}\u202f:"),
    "es": Words("Hola, {name}:", "Si el botón no funciona, abra esta dirección:", "{label}:"),
}
