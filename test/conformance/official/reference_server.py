"""The official SDK behind HTTP, with the test profile: what the project is compared with.

    python reference_server.py --provider http://127.0.0.1:4020/v1 [--port 0]

Prints `{"url": "http://127.0.0.1:<port>"}` when it listens, and ends with its standard input.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import socket
import sys
from collections.abc import AsyncIterator

import uvicorn
from agents import set_tracing_disabled
from chatkit.server import StreamingResult
from chatkit.store import NotFoundError
from fixtures import FixtureServer, read_raw_annotations
from memory_store import MemoryStore, UploadStore
from openai import AsyncOpenAI


class Application:
    """POST /chatkit is the protocol, POST /upload/<id> takes an attachment's bytes; nothing else is here."""

    def __init__(self, provider: str, base: str) -> None:
        self.store = MemoryStore()
        uploads = UploadStore(self.store)
        uploads.base = base
        client = AsyncOpenAI(base_url=provider, api_key="test", max_retries=0)
        self.server = FixtureServer(self.store, uploads, client)

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.startswith("/upload/"):
            found = self.store.finish_upload(path.removeprefix("/upload/"))
            await answer(send, 200 if found else 404, b"{}")
        elif path != "/chatkit" or scope["method"] != "POST":
            await answer(send, 405, b"{}")
        else:
            await self.chatkit(scope, receive, send)

    async def chatkit(self, scope, receive, send) -> None:
        headers = dict(scope["headers"])
        context = {"user": headers.get(b"x-test-user", b"nobody").decode()}
        try:
            result = await self.server.process(await body_of(receive), context)
            if not isinstance(result, StreamingResult):
                await answer(send, 200, result.json)
                return
            frames = aiter(result)
            first = await anext(frames, None)
        # ValueError covers what pydantic refuses.
        except (NotFoundError, ValueError) as error:
            await answer(send, 404 if isinstance(error, NotFoundError) else 400, b'{"error":"refused"}')
            return
        streaming = asyncio.create_task(stream(send, first, frames))
        hung_up = asyncio.create_task(until_hung_up(receive))
        await asyncio.wait({streaming, hung_up}, return_when=asyncio.FIRST_COMPLETED)
        hung_up.cancel()
        # Cancelling inside the SDK's own await is what tells it that the client has gone.
        streaming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await streaming


async def body_of(receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def until_hung_up(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def answer(send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def stream(send, first: bytes | None, frames: AsyncIterator[bytes]) -> None:
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if first is not None:
        await send({"type": "http.response.body", "body": first, "more_body": True})
    async for frame in frames:
        await send({"type": "http.response.body", "body": frame, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def serve(provider: str, port: int) -> None:
    listener = socket.create_server(("127.0.0.1", port))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(Application(provider, url), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    print(json.dumps({"url": url}), flush=True)
    # The parent holds the other end: when it goes, whatever the reason, this ends too.
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    server.force_exit = True
    await serving


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--provider", required=True)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    logging.getLogger("chatkit").setLevel(logging.CRITICAL)
    set_tracing_disabled(True)
    read_raw_annotations()
    asyncio.run(serve(options.provider, options.port))


if __name__ == "__main__":
    main()
