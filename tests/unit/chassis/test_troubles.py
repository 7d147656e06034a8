"""What is wrong is said in one sentence, which shows nothing of addresses, users or messages of drivers."""

import pytest
from aiormq.exceptions import ChannelAccessRefused, ConnectionNotAllowed, ProbableAuthenticationError
from pymongo.errors import NotPrimaryError, OperationFailure, ServerSelectionTimeoutError
from structlog.testing import capture_logs

from chassis.readiness import Readiness
from chassis.troubles import Trouble, in_words


def caused_by(cause: BaseException) -> Exception:
    error = RuntimeError("something of ours")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "of", "begins"),
    [
        (OperationFailure("Authentication failed for pia@10.1.2.3", 18), "database", "The database refuses this user"),
        (OperationFailure("not authorized on portal_x", 13), "database", "The database does not allow this user"),
        (OperationFailure("no such command 10.1.2.3", 59), "database", "The database refuses what it is asked (its"),
        (ServerSelectionTimeoutError("10.1.2.3:27017: refused"), "database", "The database does not answer"),
        (NotPrimaryError("10.1.2.3"), "database", "The database does not answer"),
        (TimeoutError(), "database", "The database does not answer"),
        (ProbableAuthenticationError("ACCESS_REFUSED pia 10.1.2.3"), "", "RabbitMQ refuses this user or password"),
        (ConnectionNotAllowed("vhost 10.1.2.3 not found"), "", "RabbitMQ does not have this virtual host, or"),
        (caused_by(ChannelAccessRefused("10.1.2.3")), "", "RabbitMQ does not allow this user what"),
        (ConnectionRefusedError("10.1.2.3"), "broker", "RabbitMQ does not answer"),
        (Trouble("The key is another one."), "", "The key is another one."),
    ],
)
def test_each_kind_has_its_sentence(error: Exception, of: str, begins: str) -> None:
    """It says what is wrong and which variable to look at, never what the driver said."""
    said = in_words(error, of)
    assert said.startswith(begins)
    assert "10.1.2.3" not in said
    assert "pia" not in said


def test_what_is_not_known_has_none() -> None:
    """An error of our own code is left to its traceback's place."""
    assert in_words(KeyError("secret")) == ""


async def test_readiness_says_what_is_wrong_until_it_is_well() -> None:
    """The report has the sentence; the log has it once, however often probes ask, and the end of it."""
    wrong: list[Exception] = [OperationFailure("pia", 18)]

    async def ping() -> None:
        if wrong:
            raise wrong[0]

    readiness = Readiness({"database": ping})
    with capture_logs() as lines:
        reports = [await readiness.report() for _ in range(3)]
        assert all(report == reports[0] for report in reports)
        assert reports[0]["missing"] == ["database"]
        assert reports[0]["advice"]["database"].startswith("The database refuses this user or password")
        wrong.clear()
        assert await readiness.report() == {"ready": True, "missing": []}
    assert [line["event"] for line in lines] == ["not_ready", "ready_again"]
