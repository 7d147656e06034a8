"""Ask an endpoint by Python's gql, and print what it makes of the answers: `gql_client.py URL`."""

import asyncio
import json
import sys
from typing import Any

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError, TransportServerError
from gql.transport.websockets import WebsocketsTransport

QUERY, PARTIAL, WRONG = "{ me { id name } }", "{ users { id must } }", "{ nobody }"
TICKS = "subscription($to: Int!) { ticks(to: $to) { number } }"


async def told(run: Any) -> Any:
    """Return an answer, or the codes of what was raised."""
    try:
        return await run
    except TransportQueryError as error:
        return {"data": error.data, "codes": [one["extensions"]["code"] for one in error.errors or []]}
    except TransportServerError as error:
        return {"status": error.code}


async def main(url: str) -> dict[str, Any]:
    """Return what each kind of operation came to."""
    found: dict[str, Any] = {}
    transport = AIOHTTPTransport(url=url, headers={"authorization": "Bearer new"})
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        found["query"] = await told(session.execute(gql(QUERY)))
        found["mutation"] = await told(session.execute(gql('mutation { logIn(name: "a") { id } }')))
        found["partial"] = await told(session.execute(gql(PARTIAL)))
    async with Client(transport=AIOHTTPTransport(url=url)) as session:
        found["invalid"] = await told(session.execute(gql(WRONG)))
        batch = await told(session.execute_batch([gql(QUERY), gql(QUERY)]))
        found["batch"] = batch
    old = AIOHTTPTransport(url=url, headers={"authorization": "Bearer old"})
    async with Client(transport=old) as session:
        found["refused"] = await told(session.execute(gql(QUERY)))
    async with Client(transport=WebsocketsTransport(url=url.replace("http", "ws", 1))) as session:
        found["socket"] = await told(session.execute(gql(QUERY)))
        query = gql(TICKS)
        query.variable_values = {"to": 2}
        found["subscription"] = [one["ticks"]["number"] async for one in session.subscribe(query)]
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1]))))
