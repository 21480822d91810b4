"""Reads what a server sent with the official SDK's own types, writes it again, and tells what is not the same.

Standard input: one JSON object a line, `{"kind": "event" | <request type>, "value": <as it came>}`.
Standard output: one JSON array a line, for the same line of the input: the differences in words, empty when there are
none.

Not a difference (docs/conformance.md lists these):
- a date-time in another notation of the same instant (SER-7);
- inside a widget: what the SDK's typed classes drop or add when they read it (WG-5, WG-6);
- a URL as the SDK normalises it: host in lower case, "/" for an empty path (section 1.5).
"""

import json
import sys
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from chatkit.types import (
    Attachment,
    Page,
    SyncCustomActionResponse,
    Thread,
    ThreadItem,
    ThreadStreamEvent,
    TranscriptionResult,
)
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError


class Empty(BaseModel):
    model_config = ConfigDict(extra="forbid")


ADAPTERS: dict[str, TypeAdapter] = {
    "event": TypeAdapter(ThreadStreamEvent),
    "threads.get_by_id": TypeAdapter(Thread),
    "threads.list": TypeAdapter(Page[Thread]),
    "items.list": TypeAdapter(Page[ThreadItem]),
    "threads.update": TypeAdapter(Thread),
    "threads.delete": TypeAdapter(Empty),
    "threads.sync_custom_action": TypeAdapter(SyncCustomActionResponse),
    "items.feedback": TypeAdapter(Empty),
    "attachments.create": TypeAdapter(Attachment),
    "attachments.delete": TypeAdapter(Empty),
    "input.transcribe": TypeAdapter(TranscriptionResult),
}
DATE_TIMES = {"created_at"}
URLS = {"preview_url", "url"}
WIDGETS = {"widget", "component"}
ACTION_DEFAULTS = {"handler": "server", "loadingBehavior": "auto", "streaming": True}


def same_url(a: str, b: str) -> bool:
    x, y = urlsplit(a), urlsplit(b)
    return (x.scheme, x.netloc.lower(), x.path or "/", x.query, x.fragment) == (
        y.scheme,
        y.netloc.lower(),
        y.path or "/",
        y.query,
        y.fragment,
    )


def differences(came: Any, wrote: Any, path: str = "", key: str = "", in_widget: bool = False) -> list[str]:
    if isinstance(came, dict) and isinstance(wrote, dict):
        return object_differences(came, wrote, path, in_widget)
    if isinstance(came, list) and isinstance(wrote, list) and len(came) == len(wrote):
        pairs = enumerate(zip(came, wrote))
        return [one for i, (a, b) in pairs for one in differences(a, b, f"{path}.{i}", key, in_widget)]
    # True is 1 and 1 is 1.0 for Python; the first is a difference here.
    if came == wrote and isinstance(came, bool) == isinstance(wrote, bool):
        return []
    if isinstance(came, str) and isinstance(wrote, str):
        if key in DATE_TIMES and datetime.fromisoformat(came) == datetime.fromisoformat(wrote):
            return []
        if key in URLS and same_url(came, wrote):
            return []
    return [f"{path}: came {json.dumps(came)[:120]}, the SDK writes {json.dumps(wrote)[:120]}"]


def object_differences(came: dict, wrote: dict, path: str, in_widget: bool) -> list[str]:
    found = []
    for key in came.keys() | wrote.keys():
        at = f"{path}.{key}"
        if key not in wrote:
            if not in_widget:
                found.append(f"{at}: the SDK does not know this key")
        elif key not in came:
            if not (in_widget and ACTION_DEFAULTS.get(key) == wrote[key]):
                found.append(f"{at}: the SDK always writes this key, as {json.dumps(wrote[key])[:120]}")
        else:
            found += differences(came[key], wrote[key], at, key, in_widget or key in WIDGETS)
    return found


def check(kind: str, value: Any) -> list[str]:
    adapter = ADAPTERS.get(kind)
    if adapter is None:
        return [f"no type of the SDK is known for {kind}"]
    try:
        parsed = adapter.validate_json(json.dumps(value))
    except ValidationError as error:
        return [f"the SDK refuses it: {one['loc']} {one['msg']}" for one in error.errors()[:5]]
    written = adapter.dump_json(parsed, by_alias=True, exclude_none=True, context={"exclude_metadata": True})
    return differences(value, json.loads(written))


for line in sys.stdin:
    record = json.loads(line)
    print(json.dumps(check(record["kind"], record["value"])))
