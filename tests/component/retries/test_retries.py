"""A retry tells the truth: every mutation, its process dying after every write, asked for again in every way.

The ordinary run leaves out a crash point of a row that an earlier row of the same mutation had: after the same write,
and before the same next one. It keeps, of every row, what comes after a call of the provider, and the last two: done
and not noted, noted and not told. The long run leaves out nothing.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.support.dying import dying
from tests.support.retries.rows import ROWS, SINCE, Row, filled
from tests.support.retries.world import MUTATIONS, Process, Scene, later, plain, scene, takes_key
from tests.support.soak import LONG, soak
from tests.support.storage import Databases, quickest

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow, soak]

KEY = "the-key-of-this-request"
LEASE_OVER = 31
"""Seconds: more than any version holds a key whose process has died."""
JOBS_DUE, AT_ONCE = 120, 2


@dataclass
class Tried:
    """What was tried, and what of it was wrong; `kinds` are the crash points of each test, by mutation and writes."""

    pairs: int = 0
    left_out: int = 0
    wrong: Counter[str] = field(default_factory=Counter[str])
    kinds: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])

    def points(self, test: str, row: Row, written: Sequence[str]) -> list[int]:
        """Return after how many writes the process dies in this run."""
        ends = [*written[1:], "the answer"][: len(written)]
        chosen: list[int] = []
        for after, (last, following) in enumerate(zip(written, ends, strict=True), start=1):
            kind = (test, row.mutation, last, following)
            if LONG or kind not in self.kinds or last.startswith("sandbox ") or after >= len(written) - 1:
                chosen.append(after)
            self.kinds.add(kind)
        self.left_out += len(written) - len(chosen)
        self.pairs += len(chosen)
        return chosen


@pytest.fixture(scope="module")
def tried() -> Iterator[Tried]:
    counted = Tried()
    yield counted
    print(f"\n{counted.pairs} pairs of a mutation and a crash point, {len(counted.wrong)} wrong")
    print(f"{counted.left_out} of a kind that was tried already are left to the long run")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(databases: Databases) -> AsyncIterator[Scene]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        async with scene(databases.url(quickest()), f"test_{uuid4().hex}", monkeypatch) as made:
            yield made


@dataclass
class Try:
    """One row in one fresh world."""

    stage: Scene
    row: Row

    @property
    def service(self) -> str:
        return MUTATIONS[self.row.mutation]

    async def ask(self, process: Process, *, key: str = KEY, other: bool = False) -> Any:
        """Send the request, or one with another key or input."""
        row = self.row
        given = None if row.given is None else filled({**row.given, **(row.other if other else {})}, self.stage.names)
        if given is not None and row.keyed and takes_key(row.mutation):
            given["idempotencyKey"] = key
        by = self.stage.people[row.by] if row.by else None
        return plain(await process.ask(row.mutation, by, given))

    async def state(self, process: Process) -> Any:
        """Return what is stored once the jobs have done what is theirs."""
        if self.service == "billing":
            later(self.stage, seconds=JOBS_DUE)
            while (await process.made.application.jobs.resolve_unknown_payments()).looked_at:
                later(self.stage, seconds=JOBS_DUE)
        state = self.stage.state(self.service)
        for collection in self.row.adds:
            state["stored"].pop(collection, None)
        return state

    async def undisturbed(self, *, seconds: int = 0) -> tuple[list[str], Any, Any]:
        """Return what it writes in turn, the answer, and the state after it, or these many seconds later."""
        self.stage.put_back(self.service)
        process = self.stage.process(self.service)
        with dying() as life:
            answer = await self.ask(process)
        if seconds:
            later(self.stage, seconds=seconds)
            return life.written, answer, None
        state = await self.state(process)
        return life.written, answer, state

    async def dead_after(self, writes: int) -> Process:
        """Have the process die after so many writes, let the lease end, and return another process."""
        self.stage.put_back(self.service)
        first = self.stage.process(self.service)
        with dying(writes) as life:
            await self.ask(first)
        assert life.dead, "it did not die"
        later(self.stage, seconds=LEASE_OVER if self.row.keyed else AT_ONCE)
        return self.stage.process(self.service, number=2)

    async def go_on(self, process: Process) -> None:
        """Have others do something with what the request has left."""
        mutation, by, given = SINCE[self.row.title]
        sent = {**filled(given, self.stage.names), "idempotencyKey": "a-key-of-somebody-else"}
        payload = await process.ask(mutation, self.stage.people[by] if by else None, sent)
        assert codes(payload) == [], payload


def codes(answer: Any) -> list[str]:
    """Return the codes of an answer's refusals."""
    return [error["code"] for error in answer["userErrors"]] if isinstance(answer, dict) else answer


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_a_retry_tells_the_truth(stage: Scene, tried: Tried, row: Row) -> None:
    """Dead after any write, the same request has the answer and the effect of one that nobody disturbed."""
    this = Try(stage, row)
    written, answer, state = await this.undisturbed()
    assert codes(answer) == [], answer
    wrong: list[str] = []
    for after in tried.points("retried", row, written):
        told = await _retried(this, after, answer, state)
        if told:
            tried.wrong[f"{row.title} {after}"] += 1
            wrong.append(f"after {after} of {len(written)} writes: {'; '.join(told)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", [row for row in ROWS if MUTATIONS[row.mutation] == "billing" and row.keyed], ids=str)
async def test_a_retry_after_the_jobs_tells_the_truth(stage: Scene, tried: Tried, row: Row) -> None:
    """The jobs first bring to an end what the dead process began: done as asked, or given up with nothing taken."""
    this = Try(stage, row)
    written, answer, state = await this.undisturbed()
    wrong: list[str] = []
    for after in tried.points("after the jobs", row, written):
        process = await this.dead_after(after)
        await this.state(process)
        again = await this.ask(process)
        done = again == answer and await this.state(process) == state
        if not done and not _given_up(stage, again):
            tried.wrong[f"{row.title} {after}, after the jobs"] += 1
            wrong.append(f"after {after} of {len(written)} writes: {codes(again) or difference(again, answer)}")
    assert not wrong, "\n".join(wrong)


def _given_up(stage: Scene, answer: Any) -> bool:
    """Tell whether the answer says that the payment has ended unpaid, and the provider has taken nothing for it."""
    payment = answer.get("payment") if isinstance(answer, dict) else None
    before = sum(account.captures for account in stage.provider_began["accounts"].values())
    taken = sum(account.captures for account in stage.provider.accounts.values()) - before
    return payment is not None and payment["status"] in {"FAILED", "CANCELLED"} and taken == 0


@pytest.mark.parametrize("row", [row for row in ROWS if row.title in SINCE], ids=str)
async def test_what_others_did_since_stands(stage: Scene, row: Row) -> None:
    """A retry after a lost note, and after others have gone on, is answered as done and takes nothing back."""
    this = Try(stage, row)
    written, answer, _ = await this.undisturbed(seconds=LEASE_OVER)
    stage.names["made invoice"] = (answer.get("invoice") or {}).get("id")
    await this.go_on(stage.process(this.service))
    wanted = await this.state(stage.process(this.service))
    process = await this.dead_after(len(written) - 1)
    await this.go_on(process)
    again = await this.ask(process)
    assert (codes(again), again.keys()) == ([], answer.keys()), again
    assert (found := await this.state(process)) == wanted, difference(found, wanted)


async def _retried(this: Try, after: int, answer: Any, state: Any) -> list[str]:
    """Return what is wrong with the retries of a request that died after so many writes."""
    told: list[str] = []
    process = await this.dead_after(after)
    keyed = this.row.keyed and takes_key(this.row.mutation)
    if keyed and this.row.other and codes(await this.ask(process, other=True)) != ["IDEMPOTENCY_KEY_REUSED"]:
        told.append("another input was taken under the same key")
    again = await this.ask(process)
    if again != answer:
        told.append(f"answered {codes(again) or difference(again, answer)}")
    if keyed and (third := await this.ask(process)) != again:
        told.append(f"answered another time {codes(third) or difference(third, again)}")
    if (found := await this.state(process)) != state:
        told.append(f"state {difference(found, state)}")
    return told


def difference(found: Any, wanted: Any, path: str = "") -> str:
    """Return the first place where two states differ."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in sorted({*found, *wanted}, key=str):
            if found.get(key) != wanted.get(key):
                return difference(found.get(key), wanted.get(key), f"{path}.{key}")
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            if one != other:
                return difference(one, other, f"{path}[{number}]")
    return f"{path}: {str(found)[:200]} instead of {str(wanted)[:200]}"
