"""Files that are made from code and checked in: written anew, or compared with what the code says now."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from portal_cli.paths import ROOT


def settle(made: Mapping[Path, str], *, check: bool) -> int:
    """Write the files that differ, or with `check` only name them; return the exit code."""
    console = Console(highlight=False)
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path])
        console.print(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}")
    if not stale:
        console.print(f"{len(made)} files are up to date.")
    return 1 if check and stale else 0


def obsolete(folder: Path, pattern: str, made: Mapping[Path, str]) -> list[Path]:
    """Return the files of a folder that nothing makes any more."""
    return sorted(path for path in folder.glob(pattern) if path not in made)
