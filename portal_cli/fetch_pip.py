"""Fetch pip's wheel where Python comes without pip (Debian); run by the script `portal`, standard library only.

`python fetch_pip.py FOLDER` prints the path of the wheel, which Python can run as it is.
"""

import hashlib
import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin


def main(folder: Path) -> None:
    """Download the newest pip that suits this interpreter, check its hash, and print where it is."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    newest = next(file for file in reversed(_files(index)) if _suits(file))
    content = _get(urljoin(index, newest["url"]), "*/*")
    if hashlib.sha256(content).hexdigest() != newest["hashes"]["sha256"]:
        sys.exit("portal: the package source sent a damaged pip.")
    wheel = folder / newest["filename"]
    wheel.write_bytes(content)
    sys.stdout.write(f"{wheel}\n")


def _files(index: str) -> list[dict[str, Any]]:
    return json.loads(_get(index, "application/vnd.pypi.simple.v1+json"))["files"]


def _suits(file: dict[str, Any]) -> bool:
    version = file["filename"].split("-")[1]
    return (
        file["filename"].endswith("-py3-none-any.whl")
        and not file.get("yanked")
        and version.replace(".", "").isdigit()
        and int(version.split(".")[0]) >= 23
    )


def _get(url: str, media_type: str) -> bytes:
    if not url.startswith(("https://", "http://")):
        sys.exit("portal: PIP_INDEX_URL must be a web address.")
    request = urllib.request.Request(url, headers={"Accept": media_type})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return response.read()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except OSError as error:
        sys.exit(f"portal: the package source cannot be reached: {error}")
