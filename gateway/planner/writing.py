"""Stage 6: the text of a fetch's operation, made of lines."""

from collections.abc import Iterable

from gateway.planner.lines import Line
from gateway.planner.selection import Around


class Writer:
    """Writes one operation; fragments that can only be written by name are defined at its end."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    @property
    def definitions(self) -> str:
        """The definitions of the fragments that the text so far spreads."""
        return "".join(f" fragment {name} {definition}" for definition, name in self._names.items())

    def text(self, lines: list[Line], type_name: str, depth: int = 0) -> str:
        """Return lines on objects of a type as compact GraphQL: fields first, then one fragment for each type."""
        plain = [line for line in lines if len(line.on) == depth]
        fragments: dict[str, list[Line]] = {}
        for line in lines:
            if len(line.on) > depth:
                fragments.setdefault(line.on[depth], []).append(line)
        inside = [f"...on {name}{{{self.text(inner, name, depth + 1)}}}" for name, inner in fragments.items()]
        return " ".join([*self._within(plain, type_name, 0), *inside])

    def _within(self, lines: list[Line], type_name: str, depth: int) -> Iterable[str]:
        """Return the fields, those with fragments of the client's own around them together where they come first."""
        written: dict[object, list[Line]] = {}
        for line in lines:
            around = line.around[depth] if len(line.around) > depth else None
            written.setdefault(around or self._field(line), []).append(line)
        for around, inner in written.items():
            if isinstance(around, str):
                yield around
                continue
            body = f"{{{' '.join(self._within(inner, type_name, depth + 1))}}}"
            outer = inner[0].around[depth]
            yield f"...{outer.spread}{body}" if outer.definition is None else self._spread(outer, type_name, body)

    def _spread(self, around: Around, type_name: str, body: str) -> str:
        definition = f"on {type_name}{around.definition}{body}"
        name = self._names.setdefault(definition, f"F{len(self._names)}")
        return f"...{name}{around.spread}"

    def _field(self, line: Line) -> str:
        head = line.name if line.key == line.name else f"{line.key}:{line.name}"
        body = f"{{{self.text(line.children, line.named)}}}" if line.children else ""
        include = sorted(name for name, wanted in line.conditions if wanted)
        skip = sorted(name for name, wanted in line.conditions if not wanted)
        own = "".join(f"@include(if:${name})" for name in include[:1]) + "".join(
            f"@skip(if:${name})" for name in skip[:1]
        )
        written = f"{head}{line.arguments}{line.directives}{own}{body}"
        for directive in [*(f"@include(if:${n})" for n in include[1:]), *(f"@skip(if:${n})" for n in skip[1:])]:
            written = f"...{directive}{{{written}}}"
        return written
