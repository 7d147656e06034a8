"""Keep what a version writes, for all later ones: `python -m tests.releases.record 2026-11 COMMIT`.

Run once for each release (docs/upgrading.md), never again: what is in a folder was written by that version. Its own
code makes it, out of git: every aggregate with every field and every enum value, what it keeps of others' events, and
the events that it tells.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.releases.other_version import OtherVersion, export
from tests.support.storage import running_secantusdb

FOLDER = Path(__file__).parent


def record(name: str, commit: str) -> None:
    """Write the folder of a release: `release.json`, and `documents.json` with one document per line."""
    commit = subprocess.run(
        ["git", "rev-parse", f"{commit}^{{commit}}"], check=True, capture_output=True, text=True
    ).stdout.strip()
    with TemporaryDirectory() as scratch, running_secantusdb(Path(scratch) / "database") as [url]:
        version = OtherVersion(export(commit, Path(scratch) / "tree"), url, "release_", Path(scratch) / "log")
        counts = {"aggregates": version.ask("write"), "unheard": version.ask("react")}
        version.ask("note")
        documents = version.ask("dump")
        version.close()
    folder = FOLDER / name
    folder.mkdir()
    about = {"commit": commit, **counts, "documents": sum(map(len, documents.values()))}
    (folder / "release.json").write_text(json.dumps(about, indent=2) + "\n")
    lines = (
        f'"{collection}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
        for collection, rows in documents.items()
    )
    (folder / "documents.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    record(*sys.argv[1:])
