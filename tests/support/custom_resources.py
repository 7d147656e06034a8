"""Custom resources against the definitions that their operators publish, as strictly as `kubectl apply` is.

A field that a definition does not know is an error here; a server would drop it without a word. Rules written in CEL
(`x-kubernetes-validations`) are not run.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator

from portal_cli.foreign import CUSTOM_RESOURCES
from tests.support.foreign import program

Manifest = dict[str, Any]
_NATIVE = {"v1", "apps/v1", "batch/v1", "autoscaling/v2", "networking.k8s.io/v1", "policy/v1"}
WITHOUT_DEFINITION = {"rabbitmq.com/v1beta1"}
"""Groups whose definitions cannot be had here (RabbitMQ's operators); their fields were compared by hand."""


def is_native(manifest: Mapping[str, Any]) -> bool:
    """Return whether Kubernetes itself knows the kind."""
    return manifest["apiVersion"] in _NATIVE


def faults(manifests: Sequence[Manifest]) -> list[str]:
    """Return what is wrong with custom resources, and which of them nobody defines."""
    return [f"{one['kind']} {one['metadata']['name']}: {fault}" for one in manifests for fault in _faults(one)]


def _faults(manifest: Manifest) -> Iterator[str]:
    validator = _definitions().get((manifest["apiVersion"], manifest["kind"]))
    if manifest["apiVersion"] in WITHOUT_DEFINITION:
        return
    if validator is None:
        yield "no definition is known"
        return
    for error in cast(Any, validator).iter_errors(manifest):
        yield f"{error.json_path}: {error.message[:200]}"


@cache
def _definitions() -> dict[tuple[str, str], Draft202012Validator]:
    found: dict[tuple[str, str], Draft202012Validator] = {}
    for file in program(CUSTOM_RESOURCES).glob("*.yaml"):
        for definition in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader):
            spec = definition["spec"]
            for version in (one for one in spec["versions"] if one["served"]):
                schema = _strict(version["schema"]["openAPIV3Schema"])
                schema["properties"]["metadata"] = {"type": "object"}
                found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = Draft202012Validator(schema)
    return found


def _strict(schema: Any) -> Any:
    """Return a schema that closes every object whose fields it lists, and reads `nullable` and numbers-or-words."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {name: _strict(value) for name, value in schema.items() if name != "format"}  # pyright: ignore[reportUnknownVariableType]
    is_open = made.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in made
    if isinstance(made.get("properties"), dict) and made.get("type") == "object" and not is_open:
        made["additionalProperties"] = False
    return made
