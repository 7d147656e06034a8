"""What is wrong with what a process needs, in one sentence for whoever runs it: no internals, no secrets.

Door: `in_words`. It tells by an error's kind, since the drivers are known to their owners only.
"""

from typing import Any


class Trouble(Exception):
    """Something that a process needs does not fit; its text is the sentence."""


_DATABASE = {
    18: "The database refuses this user or password: compare PORTAL_MONGO_URL with the users of the database.",
    8000: "The database refuses this user or password: compare PORTAL_MONGO_URL with the users of the database.",
    13: "The database does not allow this user what the service needs: give the user of PORTAL_MONGO_URL the role "
    "readWrite on the service's database.",
    14031: "The database has no room left on its disk: give it more, or free some.",
}
"""By MongoDB's codes (`error_codes.yml`)."""
_NO_PRIMARY = frozenset({91, 189, 10058, 10107, 11600, 11602, 13435, 13436})
_LINES = {
    "AuthenticationError": "RabbitMQ refuses this user or password: compare PORTAL_AMQP_URL with the users of the "
    "broker.",
    "ConnectionNotAllowed": "RabbitMQ does not have this virtual host, or does not let this user into it: "
    "compare PORTAL_AMQP_URL with the virtual hosts and permissions of the broker.",
    "ChannelAccessRefused": "RabbitMQ does not allow this user what the service needs: give the user of "
    "PORTAL_AMQP_URL the permissions that deploy/rabbitmq/README.md lists.",
    "ChannelNotFoundEntity": "An exchange or a queue is missing at RabbitMQ: `portal doctor` says which; see "
    "deploy/rabbitmq/README.md.",
    "ChannelPreconditionFailed": "A queue at RabbitMQ is declared otherwise than this version needs it: "
    "`portal doctor` says which; see deploy/rabbitmq/README.md.",
    "ChannelLockedResource": "A queue at RabbitMQ is held by one other connection alone.",
}
_LINES["ProbableAuthenticationError"] = _LINES["AuthenticationError"]
REFUSALS = frozenset(_LINES)
"""Names of a broker's errors that no waiting mends."""
AWAY = {
    "database": "The database does not answer: see that it runs, that it has a primary, and that PORTAL_MONGO_URL "
    "names it.",
    "broker": "RabbitMQ does not answer: see that it runs and that PORTAL_AMQP_URL names it.",
}


def in_words(error: BaseException, of: str = "") -> str:
    """Return the sentence for an error, empty where there is none; `of` is what was asked, `database` or `broker`."""
    step: BaseException | None = error
    for _ in range(20):
        if step is None:
            return AWAY.get(of, "") if isinstance(error, OSError) else ""
        if said := _said(step):
            return said
        step = step.__cause__ or step.__context__
    return ""


def _said(error: BaseException) -> str:
    if isinstance(error, Trouble):
        return str(error)
    module = type(error).__module__.partition(".")[0]
    if module == "pymongo":
        return _of_mongo(error)
    if module in ("aiormq", "aio_pika", "pamqp"):
        return next((_LINES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _LINES), AWAY["broker"])
    return ""


def _of_mongo(error: Any) -> str:
    code = getattr(error, "code", None)
    if code is None or code in _NO_PRIMARY:
        return AWAY["database"]
    return _DATABASE.get(code, f"The database refuses what it is asked (its code {code}).")


def is_refusal(error: BaseException) -> bool:
    """Tell whether a broker's error is one that no waiting mends."""
    return any(kind.__name__ in REFUSALS for kind in type(error).__mro__)
