"""`/metrics`: this process's own, and those of the processes beside it at the same port, as one page.

Where several share a port, whichever is asked asks the others and gives each sample the label `process`. They are not
added up: a counter that starts again with its process is then an ordinary reset, which Prometheus knows (its text
format 0.0.4 has a series per set of labels).
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample
from starlette.responses import Response

from chassis.siblings import Sibling

PATIENCE = 2.0
"""Seconds that a process may take to tell its metrics; the page then comes without them."""
LABEL = "process"

_beside: Sibling | None = None
"""What this process is one of, if of several; one for the whole process, as Prometheus's registry is."""


async def metrics_page(_: Any = None) -> Response:
    """Return the page in Prometheus's text format; an endpoint of Starlette's."""
    return Response(await _text(), media_type=CONTENT_TYPE_LATEST)


async def tell_others(sibling: Sibling) -> asyncio.Server:
    """From now on this process is one of several: it answers them, asks them for its own page, ends with its parent."""
    global _beside
    asyncio.get_running_loop().add_reader(sibling.parent, _end, sibling)
    path = sibling.socket_of(sibling.number)
    path.unlink(missing_ok=True)  # left by one that was killed
    server = await asyncio.start_unix_server(_tell, path)
    _beside = sibling
    return server


def _end(sibling: Sibling) -> None:
    """End as if told to: nobody is left who would pass a signal on."""
    asyncio.get_running_loop().remove_reader(sibling.parent)
    os.kill(os.getpid(), signal.SIGTERM)


async def _text() -> bytes:
    if _beside is None:
        return generate_latest()
    others = _beside.others()
    told = await asyncio.gather(*(_ask(_beside, number) for number in others))
    pages = {_beside.number: generate_latest(), **dict(zip(others, told, strict=True))}
    return generate_latest(_Together(pages))  # pyright: ignore[reportArgumentType] - needs `collect` only


async def _tell(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(generate_latest())
    with contextlib.suppress(OSError):
        await writer.drain()
    writer.close()


async def _ask(sibling: Sibling, number: int) -> bytes:
    """Return a process's page; nothing where it is starting, has died, or does not answer in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_unix_connection(sibling.socket_of(number))
            with contextlib.closing(writer):
                return await reader.read()
    except (OSError, TimeoutError):
        return b""


class _Together(Collector):
    def __init__(self, pages: dict[int, bytes]) -> None:
        self._pages = pages

    def collect(self) -> Iterable[Metric]:
        """Return each family once, with the samples of all processes."""
        families: dict[str, Metric] = {}
        for number, page in sorted(self._pages.items()):
            for family in text_string_to_metric_families(page.decode()):
                first = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                first.samples.extend(_labelled(family, str(number)))
        return families.values()


def _labelled(family: Metric, number: str) -> Iterator[Sample]:
    for sample in family.samples:
        yield sample._replace(labels={**sample.labels, LABEL: number})
