"""Dependencies that are down are never taken for poison: every error of the drivers, and the codes of MongoDB."""

import asyncio
import inspect
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from decimal import InvalidOperation
from types import ModuleType
from typing import Any

import aio_pika.exceptions
import aiohttp
import aiormq.exceptions
import aiosmtplib
import bson.errors
import msgspec
import pymongo.errors
import pytest
from pydantic import BaseModel, ValidationError

from chassis.bus import DependencyDown
from chassis.down import OWN_CODES, blame, is_down
from chassis.kernel import ConcurrentUpdate, NotFound, Unreadable
from chassis.mail import MailServerDown
from chassis.owners import OwnerAway
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.domain.errors import DirectoryUnavailable, InvoiceNotDraft
from services.notifications.application.ports import TryLater

OF_THE_DOCUMENT = {
    "DuplicateKeyError",
    "DocumentTooLarge",
    "InvalidName",
    "CollectionInvalid",
    "InvalidDocument",
    "InvalidStringData",
    "InvalidBSON",
    "InvalidId",
}
DOWN_CODES = {
    "HostUnreachable": 6,
    "HostNotFound": 7,
    "Unauthorized": 13,
    "AuthenticationFailed": 18,
    "IndexNotFound": 27,
    "CursorNotFound": 43,
    "MaxTimeMSExpired": 50,
    "WriteConcernFailed": 64,
    "NetworkTimeout": 89,
    "ShutdownInProgress": 91,
    "WriteConflict": 112,
    "CappedPositionLost": 136,
    "ExceededTimeLimit": 262,
    "TooManyFilesOpen": 264,
    "TransactionTooOld": 225,
    "OutOfDiskSpace": 14031,
    "PrimarySteppedDown": 189,
    "NotWritablePrimary": 10107,
    "InterruptedAtShutdown": 11600,
    "NotPrimaryNoSecondaryOk": 13435,
    "one that nobody has heard of": 987_654,
}


def _kinds(*modules: ModuleType) -> Iterator[type[BaseException]]:
    for module in modules:
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Exception) and kind.__module__.partition(".")[0] == module.__name__.partition(".")[0]:
                yield kind


def _bare(kind: type[BaseException]) -> BaseException:
    """Return an error of this kind, whatever its constructor wants; DuplicateKeyError carries its code."""
    match kind:
        case pymongo.errors.DuplicateKeyError:
            return kind("taken", 11000)
        case pymongo.errors.BulkWriteError:
            return kind({})
        case pymongo.errors.ClientBulkWriteException:
            return kind({}, False)
        case _ if issubclass(kind, pymongo.errors.OperationFailure):
            return kind("failed", None)
        case _:
            return kind.__new__(kind)


DRIVER_ERRORS = sorted(
    {*_kinds(pymongo.errors, bson.errors, aio_pika.exceptions, aiormq.exceptions, aiohttp, aiosmtplib)},
    key=lambda kind: f"{kind.__module__}.{kind.__name__}",
)


@pytest.mark.parametrize("kind", DRIVER_ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_error_of_a_driver_waits_unless_it_is_about_the_document(kind: type[BaseException]) -> None:
    """Disk full, no pool, no primary, refused confirm, lost channel, bad certificate: all wait."""
    assert is_down(_bare(kind)) is (kind.__name__ not in OF_THE_DOCUMENT)


def test_the_drivers_were_found() -> None:
    """The list above is generated; it must not become empty unnoticed."""
    assert len(DRIVER_ERRORS) > 80


@pytest.mark.parametrize("code", DOWN_CODES.values(), ids=DOWN_CODES)
def test_what_the_server_says_of_itself_waits(code: int) -> None:
    """Codes that are not about the document are of a server that is down."""
    assert is_down(pymongo.errors.OperationFailure("failed", code))
    assert is_down(pymongo.errors.WriteError("failed", code))


@pytest.mark.parametrize("code", sorted(OWN_CODES))
def test_what_the_server_says_of_the_document_counts(code: int) -> None:
    """A document that is too large today is too large tomorrow."""
    assert not is_down(pymongo.errors.WriteError("failed", code))


def test_a_batch_counts_only_when_all_of_it_is_blamed() -> None:
    """One part that failed for want of a disk makes the whole batch wait."""

    def failed(codes: list[int], concern: bool = False) -> Exception:
        errors = [{"code": code} for code in codes]
        return pymongo.errors.BulkWriteError({"writeErrors": errors, "writeConcernErrors": [{}] if concern else []})

    assert not is_down(failed([11000, 121]))
    assert is_down(failed([11000, 14031]))
    assert is_down(failed([11000], concern=True))


WAIT: dict[str, BaseException] = {
    "a time-out": TimeoutError(),
    "a full disk": OSError(28, "No space left on device"),
    "an unknown host": socket.gaierror(),
    "a certificate": ssl.SSLCertVerificationError(),
    "a reset connection": ConnectionResetError(),
    "half an answer": asyncio.IncompleteReadError(b"", 1),
    "no memory": MemoryError(),
    "another service": OwnerAway(),
    "what is not known of a directory": DirectoryUnavailable(),
    "a provider": OutcomeUnknown(),
    "a mail server": MailServerDown(),
    "a courier": TryLater(),
    "a reaction that says so": DependencyDown(),
    "others who keep winning": ConcurrentUpdate(),
    "one of several": ExceptionGroup("some", [ValueError(), TimeoutError()]),
}
COUNT: dict[str, BaseException] = {
    "a document that cannot be read": Unreadable(),
    "a refusal": NotFound("invoice"),
    "a refusal of a state": InvoiceNotDraft(),
    "a missing key": KeyError("x"),
    "a wrong type": TypeError(),
    "text that is none": UnicodeDecodeError("utf-8", b"", 0, 1, "x"),
    "a division": ZeroDivisionError(),
    "a decimal": InvalidOperation(),
    "an assertion": AssertionError(),
    "what is not written yet": NotImplementedError(),
    "depth": RecursionError(),
    "JSON": json.JSONDecodeError("x", "", 0),
    "a stored document": msgspec.ValidationError("Expected `str`, got `int` - at `$.state`"),
    "an integer for BSON": OverflowError("MongoDB can only handle up to 8-byte ints"),
    "several of its own": ExceptionGroup("some", [ValueError(), KeyError()]),
}


@pytest.mark.parametrize("error", WAIT.values(), ids=WAIT)
def test_whoever_is_away_waits(error: BaseException) -> None:
    """Nothing is known to be wrong with the message."""
    assert is_down(error)


@pytest.mark.parametrize("error", COUNT.values(), ids=COUNT)
def test_its_own_data_counts(error: BaseException) -> None:
    """What our code finds wrong in the message, no waiting mends."""
    assert not is_down(error)


def _caught(work: Callable[[], Any]) -> BaseException:
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_an_error_is_what_caused_it() -> None:
    """A wrapped time-out is a time-out; a refusal that was decided because of one is a refusal."""

    def wrapped(kind: Exception) -> None:
        raise kind from TimeoutError()

    assert is_down(_caught(lambda: wrapped(ValueError("could not read the answer"))))
    assert not is_down(_caught(lambda: wrapped(NotFound("invoice"))))


def test_a_runtime_error_belongs_to_whoever_raised_it() -> None:
    """What asyncio says of a loop that has ended is no fault of the message; what we raise is."""

    def ours() -> None:
        raise RuntimeError("we did not expect this")

    assert not is_down(_caught(ours))
    ended = asyncio.new_event_loop()
    ended.close()
    assert is_down(_caught(lambda: ended.call_soon(ours)))


def test_blame_names_kind_place_and_field_but_no_data() -> None:
    """What is logged and stored about a bad item holds nothing of the item."""

    class Read(BaseModel):
        amount: int

    def check() -> None:
        Read.model_validate({"amount": "secret"})

    said = blame(_caught(check))
    assert isinstance(_caught(check), ValidationError)
    assert said.startswith("ValidationError at ")
    assert said.endswith(", field amount")
    assert "secret" not in said
    stored = blame(msgspec.ValidationError("Invalid enum value 'secret' - at `$.terms.modes[...]`"))
    assert stored == "ValidationError, field $.terms.modes[...]"
