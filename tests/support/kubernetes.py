"""Manifests as they are rendered, and what a Kubernetes API server's own rules say of them (`tools/kvalidate`)."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from portal_cli.foreign import KVALIDATE
from portal_cli.paths import ROOT
from tests.support.custom_resources import is_native
from tests.support.foreign import program

Manifest = dict[str, Any]

K8S = ROOT / "deploy" / "k8s"
OVERLAYS = ("production", "staging")


@dataclass(frozen=True)
class Judged:
    """What the server says: by `Kind name`, only of what it has something to say about."""

    refused: Mapping[str, list[str]]
    warnings: Mapping[str, list[str]]
    objects: int
    pods: int

    @property
    def sentences(self) -> str:
        """Every refusal and every warning, as one text."""
        said = [
            f"{what}: {text}"
            for found in (self.refused, self.warnings)
            for what, all_ in found.items()
            for text in all_
        ]
        return "\n".join(said)


@cache
def rendered(folder: Path) -> str:
    """Return a kustomization as one text."""
    return _kvalidate("render", str(folder))


def overlay(name: str) -> list[Manifest]:
    """Return the manifests of an overlay that Kubernetes itself knows, for the caller to change."""
    return deepcopy([one for one in everything(name) if is_native(one)])


def everything(name: str) -> list[Manifest]:
    """Return all manifests of an overlay, operators' resources too; not to be changed."""
    return _parsed_once(K8S / "overlays" / name)


@cache
def _parsed_once(folder: Path) -> list[Manifest]:
    return parsed(rendered(folder))


def parsed(text: str) -> list[Manifest]:
    """Return the documents of a text."""
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


def judged(manifests: Sequence[Manifest] | str, *options: str) -> Judged:
    """Return what the server's rules say of manifests, and of what controllers make of them."""
    text = manifests if isinstance(manifests, str) else "\n---\n".join(map(json.dumps, manifests))
    report = json.loads(_kvalidate("check", *options, given=text))
    objects: list[dict[str, Any]] = report["objects"]
    return Judged(
        refused={_what(one): one["refused"] for one in objects if one["refused"]},
        warnings={_what(one): one["warnings"] for one in objects if one["warnings"]},
        objects=len(objects),
        pods=report["pods"],
    )


def _what(judgement: Mapping[str, Any]) -> str:
    return f"{judgement['kind']} {judgement['name']}"


def _kvalidate(*arguments: str, given: str = "") -> str:
    command = [program(KVALIDATE) / "kvalidate", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
