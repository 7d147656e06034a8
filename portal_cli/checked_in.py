"""Files that are made from code and checked in: written anew, or compared with what the code says now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from rich.console import Console

from portal_cli.paths import ROOT

_LINES_SHOWN = 20


@dataclass(frozen=True)
class CheckedIn:
    """The text of each file as the code makes it now, the command that writes them, and files that nothing makes."""

    made: dict[Path, str]
    command: str
    obsolete: Sequence[Path] = ()

    @property
    def stale(self) -> list[Path]:
        """The files that are missing or differ."""
        return [path for path, text in self.made.items() if not path.exists() or path.read_text("utf-8") != text]

    def difference(self) -> str:
        """Say which files are out of date, what writes them, and the first lines that differ; "" where none is."""
        differing = [*self.stale, *self.obsolete]
        if not differing:
            return ""
        several = f"{len(differing)} checked-in files are" if len(differing) > 1 else "A checked-in file is"
        told = [f"{several} out of date: run `{self.command}`", *map(self._line, differing)]
        return "\n".join([*told, *(line for path in self.stale for line in _difference(path, self.made[path]))])

    def write(self) -> list[Path]:
        """Write what differs, delete what nothing makes, and return both."""
        stale = self.stale
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.made[path], "utf-8")
        for path in self.obsolete:
            path.unlink()
        return [*stale, *self.obsolete]

    def _line(self, path: Path) -> str:
        why = "nothing makes it any more" if path in self.obsolete else "differs" if path.exists() else "is missing"
        return f"  {_name(path)}: {why}"


def settle(files: CheckedIn, *, check: bool) -> int:
    """Write the files that differ, or with `check` only say how they do; return the exit code."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    difference = files.difference()
    if check and difference:
        console.print(difference)
        return 1
    for path in [] if check else files.write():
        console.print(f"{'written' if path.exists() else 'deleted'}: {_name(path)}")
    if not difference:
        console.print(f"{len(files.made)} files are up to date.")
    return 0


def obsolete(folder: Path, pattern: str, made: dict[Path, str]) -> list[Path]:
    """Return the files of a folder that nothing makes any more."""
    return sorted(path for path in folder.glob(pattern) if path not in made)


def lines_that_differ(old: str, new: str, name: str) -> Iterator[str]:
    """Yield the first lines of a unified diff, and how many more there are."""
    lines = list(unified_diff(old.splitlines(), new.splitlines(), name, "as the code makes it now", lineterm="", n=1))
    yield from lines[:_LINES_SHOWN]
    if len(lines) > _LINES_SHOWN:
        yield f"… and {len(lines) - _LINES_SHOWN} more lines"


def _difference(path: Path, text: str) -> Iterator[str]:
    return lines_that_differ(path.read_text("utf-8") if path.exists() else "", text, _name(path))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
