"""What the sandbox answers when it refuses: `{"error": {"type", "code", "message", "param"}}`."""

from typing import Any


class ApiError(Exception):
    """A refusal with its HTTP status; the message never carries what was typed."""

    def __init__(self, status: int, kind: str, code: str, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"type": kind, "code": code, "message": message, "param": param}}


def invalid(code: str, message: str, param: str | None = None) -> ApiError:
    """Return a 400 for input that can never work."""
    return ApiError(400, "invalid_request_error", code, message, param)


def missing(what: str) -> ApiError:
    """Return a 404."""
    return ApiError(404, "invalid_request_error", "resource_missing", f"No such {what}.")


def conflict(code: str, message: str) -> ApiError:
    """Return a 409 for a step that the state does not allow."""
    return ApiError(409, "invalid_request_error", code, message)
