"""Keys in the response tree: those of the client, and which ones the planner's own fields get beside them."""

from collections import defaultdict

from gateway.planner.selection import Condition, Selection

Place = tuple[str, ...]
"""A place in the response tree: the keys that lead to it."""


class Keys:
    """The keys in use at every place of one operation."""

    def __init__(self, selections: tuple[Selection, ...]) -> None:
        self._used: dict[Place, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
        self._conditions: dict[Place, list[frozenset[Condition]]] = defaultdict(list)
        self._own: dict[tuple[Place, str, str], str] = {}
        self._note((), selections)

    def _note(self, place: Place, selections: tuple[Selection, ...]) -> None:
        for selection in selections:
            if not selection.key:
                continue
            self._used[place][selection.key].add((selection.name, selection.form))
            self._conditions[(*place, selection.key)].append(selection.conditions)
            self._note((*place, selection.key), selection.selections)

    def key(self, place: Place, selection: Selection) -> str:
        """Return the key of a field at a place: one of the planner's own is never mixed up with another field."""
        if selection.key:
            return selection.key
        identity = (place, selection.name, selection.form)
        if identity not in self._own:
            self._own[identity] = self._free(place, selection.name, selection.form)
        return self._own[identity]

    def fresh(self, place: Place, key: str) -> str:
        """Return a key that nobody uses at a place, made from another."""
        number = 0
        while f"__{key}_{number}" in self._used[place]:
            number += 1
        self._used[place][f"__{key}_{number}"].add(("", ""))
        return f"__{key}_{number}"

    def _free(self, place: Place, name: str, form: str) -> str:
        used = self._used[place]
        if used.get(name, {(name, form)}) == {(name, form)}:
            used[name].add((name, form))
            return name
        key = self.fresh(place, name)
        used[key] = {(name, form)}
        return key

    def unguarded(self, place: Place, conditions: frozenset[Condition]) -> frozenset[Condition]:
        """Return those of a field's conditions that its absence does not show: another field shares its key."""
        asked = self._conditions.get(place, [])
        return conditions - frozenset[Condition].intersection(*asked) if len(asked) > 1 else frozenset()
