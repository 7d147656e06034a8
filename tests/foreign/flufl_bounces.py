"""Run with flufl.bounce's own Python: print how many recipients each mail of its tests fails, for now and for good."""

# pyright: basic, reportMissingImports=false
import json
import sys
from email import message_from_bytes
from pathlib import Path

from flufl.bounce import all_failures


def main(folder: Path) -> None:
    read = {path.name: all_failures(message_from_bytes(path.read_bytes())) for path in sorted(folder.glob("*.txt"))}
    json.dump({name: [len(found) for found in failures] for name, failures in read.items()}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
