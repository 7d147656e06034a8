"""Worlds for tests: a gateway with settings of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.gateway.http.world import World


@pytest.fixture
async def make_world(tmp_path) -> AsyncIterator[Callable[..., Awaitable[World]]]:
    """Starts a world with these settings; stopped after the test."""
    worlds: list[World] = []

    async def make(**settings: object) -> World:
        folder = tmp_path / str(len(worlds))
        folder.mkdir()
        worlds.append(World(folder, settings))
        return await worlds[-1].start()

    yield make
    for world in worlds:
        await world.stop()


@pytest.fixture
async def world(make_world) -> World:
    """A world with the default settings."""
    return await make_world()
