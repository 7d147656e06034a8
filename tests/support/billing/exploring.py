"""Every order there is: two processes, one step at a time, in all interleavings, with a crash at any point.

A model checker in the manner of TLA+'s, but what runs is the application's own code. An actor is a coroutine that
waits at the `Turn`s of the fakes; a state is what is stored, what the provider holds, and where each actor stands with
which values in hand (`local_state.py`). States that were seen are not gone through again, so that the exploration is
exhaustive and ends. It has no randomness: the same scene gives the same states.

What the real stores and providers can do beyond this is not seen here: a step of the fakes takes effect at once.
"""

from collections.abc import Callable, Collection, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chassis.kernel import AggregateRoot, ConcurrentUpdate, DomainError
from services.billing.application.payment_ports import OutcomeUnknown
from tests.support.billing.local_state import local_state
from tests.support.billing.payments import Turn

Actor = Coroutine[Any, Any, Any]
Move = tuple[str, str]
"""What happens next, and to whom: a step; a fault (`FAULTS`), of which a path has few; "all" is everybody at once.

`crash` is SIGKILL. `crowd` makes a save fail for good, since others keep winning. `silence` is a provider that was not
reached, and `lost` one that did it, and whose answer did not arrive.
"""
FAULTS = {"crash", "crowd", "silence", "lost"}


class Scene(Protocol):
    """The world of one exploration, made anew for every path."""

    @property
    def spared(self) -> Collection[str]:
        """Return to whom nothing happens: where two do the same, it is enough that it happens to one."""
        ...

    def actors(self) -> Mapping[str, Callable[[], Actor]]:
        """Return the processes that run at once, by name."""
        ...

    def digest(self) -> Hashable:
        """Return all that is stored anywhere."""
        ...

    def is_fresh(self, aggregate: AggregateRoot) -> bool:
        """Tell whether this is still the version that is stored."""
        ...

    def check(self) -> None:
        """Raise AssertionError where something is wrong at this very moment."""
        ...

    def told(self, actor: str, refusal: Exception) -> None:
        """Raise AssertionError where this refusal is a lie."""
        ...

    def lose_answer(self, operation: str) -> None:
        """Have the provider do this next, and not answer."""
        ...

    def endings(self) -> Mapping[str, Callable[[Sequence[str]], None]]:
        """Return what may follow once every process has ended, told who crashed; each checks that all is well then."""
        ...


@dataclass
class Explored:
    """What an exploration came to."""

    states: int = 0
    transitions: int = 0
    faults: int = 0
    endings: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        return f"{self.states} states, {self.transitions} transitions ({self.faults} faults), {self.endings} endings"


class _Process:
    """One actor on its way."""

    def __init__(self, name: str, make: Callable[[], Actor]) -> None:
        self.name = name
        self.next = "begin"
        self.state = "alive"
        self.refusal: Exception | None = None
        self.coroutine = make()

    def comes_next(self, what: str) -> None:
        self.next = what

    def step(self, fault: Exception | None = None) -> None:
        Turn.explored = self
        try:
            self.coroutine.send(None) if fault is None else self.coroutine.throw(fault)
        except StopIteration:
            self.state = "ended"
        except (DomainError, OutcomeUnknown) as refusal:
            self.state, self.refusal = f"refused: {type(refusal).__name__}", refusal
        finally:
            Turn.explored = None

    def crash(self) -> None:
        self.coroutine.close()
        self.state = "crashed"


class _Path:
    """One order of things, from the beginning."""

    def __init__(self, make: Callable[[], Scene]) -> None:
        self.scene = make()
        self.moves: list[Move] = []
        self.story: list[str] = []
        self.processes = {name: _Process(name, actor) for name, actor in self.scene.actors().items()}
        for process in self.processes.values():
            process.step()  # up to its first turn: nothing has happened yet

    @property
    def faults(self) -> int:
        return sum(kind in FAULTS for kind, _ in self.moves)

    def possible(self, faults: int) -> list[Move]:
        alive = [process for process in self.processes.values() if process.state == "alive"]
        moves = [("step", process.name) for process in alive]
        if self.faults >= faults:
            return moves
        for process in alive:
            if process.name in self.scene.spared:
                continue
            moves.append(("crash", process.name))
            if process.next.startswith("save"):
                moves.append(("crowd", process.name))
            if ": " in process.next:
                moves += [("silence", process.name), ("lost", process.name)]
        return moves + ([("crash", "all")] if len(alive) > 1 and not self.scene.spared else [])

    def go(self, move: Move) -> None:
        kind, name = move
        self.moves.append(move)
        if kind == "crash":
            self.story.append(f"{name} crashes")
            for process in self.processes.values() if name == "all" else [self.processes[name]]:
                if process.state == "alive":
                    process.crash()
            return
        process = self.processes[name]
        self.story.append(f"{name}: {process.next}" + ("" if kind == "step" else f" ({kind})"))
        if kind == "lost":
            self.scene.lose_answer(process.next.partition(": ")[2])
        process.step({"crowd": ConcurrentUpdate, "silence": OutcomeUnknown}[kind]() if kind in _THROWN else None)
        if process.refusal is not None:
            self.scene.told(name, process.refusal)

    def key(self, faults: int) -> Hashable:
        actors = tuple(
            (process.state, local_state(process.coroutine, self.scene.is_fresh)) for process in self.processes.values()
        )
        return (hash(self.scene.digest()), actors, faults - self.faults)

    def unheard(self) -> list[str]:
        """Return who has no answer: it crashed, or was asked to try again."""
        return [name for name, process in self.processes.items() if process.state in _UNHEARD]

    def close(self) -> None:
        for process in self.processes.values():
            process.coroutine.close()


_THROWN = {"crowd", "silence"}
_UNHEARD = {"crashed", "refused: ConcurrentUpdate", "refused: OutcomeUnknown"}


def explore(make: Callable[[], Scene], *, faults: int = 1, most_wrong: int = 1) -> Explored:
    """Go through every interleaving with at most so many faults; stop after `most_wrong` things that are wrong."""
    found, seen, waiting = Explored(), set[Hashable](), [list[Move]()]
    while waiting and len(found.wrong) < most_wrong:
        begun, path = waiting.pop(), _Path(make)
        try:
            for move in begun:
                path.go(move)
            if begun:
                found.transitions += 1
                found.faults += begun[-1][0] in FAULTS
            _follow(path, faults, make, found, seen, waiting)
        except AssertionError as wrong:
            found.wrong.append("; ".join(path.story) + f"\n  → {wrong}")
        path.close()
    return found


def _follow(
    path: _Path,
    faults: int,
    make: Callable[[], Scene],
    found: Explored,
    seen: set[Hashable],
    waiting: list[list[Move]],
) -> None:
    """Go on to a state that was seen before, or to the end; leave the other ways for later."""
    while (key := path.key(faults)) not in seen:
        seen.add(key)
        found.states += 1
        path.scene.check()
        moves = path.possible(faults)
        if not moves:
            _end(path, make, found, seen)
            return
        waiting += [[*path.moves, move] for move in moves[1:]]
        path.go(moves[0])
        found.transitions += 1


def _end(path: _Path, make: Callable[[], Scene], found: Explored, ended: set[Hashable]) -> None:
    """Try every ending, each in a world of its own; from the same state with the same people waiting it is the same."""
    key = (hash(path.scene.digest()), tuple(path.unheard()))
    if key in ended:
        return
    ended.add(key)
    for name in path.scene.endings():
        again = _Path(make)
        for move in path.moves:
            again.go(move)
        found.endings += 1
        path.story[len(path.moves) :] = [f"then {name}"]
        again.scene.endings()[name](again.unheard())
        again.close()
