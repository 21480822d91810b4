"""The official Python server (openai-chatkit) with uvicorn, uvloop, and a store in Postgres by asyncpg.

Arguments: the addresses of the provider and of an empty database. Prints its own address, and ends when stdin does.
"""

import asyncio
import json
import socket
import sys
from datetime import datetime, timezone

import asyncpg
import uvicorn
import uvloop
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError, Store
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    Page,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
)
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from openai import AsyncOpenAI
from pydantic import TypeAdapter

SCHEMA = """
CREATE TABLE threads (id text PRIMARY KEY, owner text NOT NULL, created_at timestamptz NOT NULL, data json NOT NULL);
CREATE INDEX ON threads (owner, created_at);
CREATE TABLE items (thread_id text NOT NULL REFERENCES threads ON DELETE CASCADE, id text NOT NULL,
    position bigserial, data json NOT NULL, PRIMARY KEY (thread_id, id));
CREATE INDEX ON items (thread_id, position);
"""
ITEM = TypeAdapter(ThreadItem)


def page(rows, limit, parse):
    data = [parse(row["data"]) for row in rows[:limit]]
    return Page(data=data, has_more=len(rows) > limit, after=data[-1].id if data else None)


class PostgresStore(Store[str]):
    """`context` is the user. Ids of threads are longer than by default, which repeat within a benchmark."""

    def __init__(self, pool):
        self.pool = pool

    async def load_thread(self, thread_id, context):
        data = await self.pool.fetchval("SELECT data FROM threads WHERE id = $1 AND owner = $2", thread_id, context)
        if data is None:
            raise NotFoundError(thread_id)
        return ThreadMetadata.model_validate_json(data)

    async def save_thread(self, thread, context):
        await self.pool.execute(
            "INSERT INTO threads VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET data = excluded.data",
            thread.id, context, thread.created_at, thread.model_dump_json(),
        )  # fmt: skip

    async def load_threads(self, limit, after, order, context):
        rows = await self.pool.fetch(
            f"SELECT data FROM threads WHERE owner = $1 ORDER BY created_at {order} LIMIT $2", context, limit + 1
        )
        return page(rows, limit, ThreadMetadata.model_validate_json)

    async def delete_thread(self, thread_id, context):
        await self.pool.execute("DELETE FROM threads WHERE id = $1 AND owner = $2", thread_id, context)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        rows = await self.pool.fetch(
            f"SELECT data FROM items WHERE thread_id = $1 ORDER BY position {order} LIMIT $2", thread_id, limit + 1
        )
        return page(rows, limit, ITEM.validate_json)

    async def add_thread_item(self, thread_id, item, context):
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id, item, context):
        await self.pool.execute(
            "INSERT INTO items (thread_id, id, data) VALUES ($1, $2, $3) "
            "ON CONFLICT (thread_id, id) DO UPDATE SET data = excluded.data",
            thread_id, item.id, item.model_dump_json(),
        )  # fmt: skip

    async def load_item(self, thread_id, item_id, context):
        data = await self.pool.fetchval("SELECT data FROM items WHERE thread_id = $1 AND id = $2", thread_id, item_id)
        if data is None:
            raise NotFoundError(item_id)
        return ITEM.validate_json(data)

    async def delete_thread_item(self, thread_id, item_id, context):
        await self.pool.execute("DELETE FROM items WHERE thread_id = $1 AND id = $2", thread_id, item_id)

    async def save_attachment(self, attachment, context):
        raise NotImplementedError

    async def load_attachment(self, attachment_id, context):
        raise NotFoundError(attachment_id)

    async def delete_attachment(self, attachment_id, context):
        raise NotImplementedError


class Server(ChatKitServer[str]):
    def __init__(self, store, provider_url):
        super().__init__(store)
        self.openai = AsyncOpenAI(base_url=provider_url, api_key="none", max_retries=0)

    async def respond(self, thread, input_user_message, context):
        stream = await self.openai.chat.completions.create(
            model=input_user_message.inference_options.model.removeprefix("openai/"),
            stream=True,
            messages=[{"role": "user", "content": "".join(part.text for part in input_user_message.content)}],
        )
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(timezone.utc),
            content=[],
        )
        yield ThreadItemAddedEvent(item=item)

        def update(part):
            return ThreadItemUpdatedEvent(item_id=item.id, update=part)

        yield update(AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text="")))
        whole = []
        async for chunk in stream:
            delta = chunk.choices[0].delta.content if chunk.choices else None
            if delta:
                whole.append(delta)
                yield update(AssistantMessageContentPartTextDelta(content_index=0, delta=delta))
        content = AssistantMessageContent(text="".join(whole))
        yield update(AssistantMessageContentPartDone(content_index=0, content=content))
        yield ThreadItemDoneEvent(item=item.model_copy(update={"content": [content]}))


async def main(provider_url, database_url):
    pool = await asyncpg.create_pool(database_url, min_size=10, max_size=10)
    await pool.execute(SCHEMA)
    server = Server(PostgresStore(pool), provider_url)
    app = FastAPI()

    @app.post("/chatkit")
    async def chatkit(request: Request):
        result = await server.process(await request.body(), request.headers["x-bench-user"])
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(result.json, media_type="application/json")

    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    web = uvicorn.Server(uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning", access_log=False))

    def stop():
        web.should_exit = web.force_exit = True

    asyncio.get_running_loop().add_reader(sys.stdin, stop)
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    await web.serve(sockets=[listener])


uvloop.run(main(*sys.argv[1:]))
