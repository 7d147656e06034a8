"""Who is in the demo."""

from dataclasses import dataclass

_PASSWORD = "northwind-pier-42"  # noqa: S105 - a demo has no secrets


@dataclass(frozen=True)
class Person:
    """Somebody with a log-in."""

    who: str
    name: str
    email: str
    language: str = "en"
    password: str = _PASSWORD


OWNER = Person("staff, owner", "Olivia Brandt", "olivia@northwind.example")
ACCOUNTANT = Person("staff, accountant", "Anton Weber", "anton@northwind.example")
VIEWER = Person("staff, viewer", "Vera Lang", "vera@northwind.example")
STAFF = (ACCOUNTANT, VIEWER)
CLARA = Person("client, Blue Harbour GmbH", "Clara Hansen", "clara@blueharbour.example", "de")
PAUL = Person("client, Blue Harbour GmbH", "Paul Petersen", "paul@blueharbour.example", "de")
MARY = Person("client, Maple Ridge Inc.", "Mary Cooper", "mary@mapleridge.example")
KENJI = Person("client, Sakura Works K.K.", "Kenji Mori", "kenji@sakuraworks.example", "ja")


def log_ins_of() -> tuple[Person, ...]:
    """Return those who can log in when the story is told. Paul's invite is open, and Kenji was not invited."""
    return (OWNER, *STAFF, CLARA, MARY)
