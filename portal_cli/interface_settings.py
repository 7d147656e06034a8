"""What the process that serves the interface reads from its environment (`PORTAL_…`)."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal_cli.paths import INTERFACE


class InterfaceSettings(BaseSettings):
    """Settings of `portal serve interface`."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    graphql_url: str = ""
    """Where browsers find the gateway: `https://portal.example.com/graphql`. Where that is another address than the
    interface's own, `PORTAL_ALLOWED_ORIGINS` and `PORTAL_RETURN_ORIGINS` must name the interface's. When empty, it is
    `/graphql` of the address by which the interface was reached, by http."""
    interface_folder: Path = INTERFACE
    """The built interface."""
    interface_payment_form: str = ""
    """Where the payment provider's form is, which the interface may open and frame: `https://checkout.example`. When
    empty, no foreign page is framed."""
    interface_persisted: bool = False
    """Whether the gateway knows the interface's documents by their ids (`PORTAL_PERSISTED_DOCUMENTS`), as that of the
    same image does. Where it does not after all, each page notices at its first request, and sends texts."""
    interface_slug: str = ""
    """The portal whose log-in the interface's first page shows; when empty, it asks for the address."""

    @field_validator("graphql_url", "interface_payment_form")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or set(value) & set(" ;,'\"")):
            raise ValueError("is not an address; give one like https://portal.example.com/graphql")
        return value
