"""Where things are in the source tree, and which services there are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools"
DATA = ROOT / ".portal"
INTERFACE = ROOT / "portal_ui" / "dist"
INTERFACE_DOCUMENTS = ROOT / "portal_ui" / "persisted-documents.json"
GATEWAY_SCHEMA = ROOT / "gateway" / "schema" / "schema.graphql"
MOCK_SCHEMA = ROOT / "gateway" / "schema" / "mocks.graphql"
SUPERGRAPH = ROOT / "gateway" / "schema" / "supergraph.graphql"
RELEASED_SCHEMA = ROOT / "gateway" / "schema" / "released.graphql"
ACCEPTED_CHANGES = ROOT / "gateway" / "schema" / "accepted-changes.md"
SERVICES = ("identity", "billing", "collaboration", "notifications")
"""Every service, in the order in which they are listed anywhere; `tests/architecture/test_services.py` knows where else
the name of a service has to stand."""
