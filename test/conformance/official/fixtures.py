"""The test profile (test/protocol/README.md) on the official SDK: tools, actions, guardrail, conversions."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import chatkit.agents
from agents import (
    Agent,
    FunctionTool,
    GuardrailFunctionOutput,
    OpenAIResponsesModel,
    OutputGuardrail,
    RunContextWrapper,
    Runner,
    StopAtTools,
)
from chatkit.agents import (
    AgentContext,
    ClientToolCall,
    ResponseStreamConverter,
    ThreadItemConverter,
    stream_agent_response,
)
from chatkit.errors import CustomStreamError, ErrorCode, StreamError
from chatkit.server import ChatKitServer
from chatkit.types import (
    Action,
    Attachment,
    AudioInput,
    StructuredInputItem,
    SyncCustomActionResponse,
    Task,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStatus,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    UserMessageTagContent,
    WidgetItem,
    Workflow,
    WorkflowSummary,
)
from chatkit.widgets import DynamicWidgetRoot
from memory_store import Context
from openai import AsyncOpenAI
from pydantic import BaseModel, TypeAdapter

WINDOW = 20
EXPECTED_PREVIEWS = 3
SETTLE_SECONDS = 0.02

EVENT = TypeAdapter(ThreadStreamEvent)
ITEM = TypeAdapter(ThreadItem)

Arguments = dict[str, Any]
Tool = Callable[[AgentContext[Context], Arguments], Awaitable[str]]


def read_raw_annotations() -> None:
    """With openai-python 3.x the SDK trips over typed annotations; older versions handed it plain objects."""
    convert = chatkit.agents._convert_annotation

    async def convert_raw(annotation: object, converter: ResponseStreamConverter):
        raw = annotation.model_dump() if isinstance(annotation, BaseModel) else annotation
        return await convert(raw, converter)

    chatkit.agents._convert_annotation = convert_raw


def completed(event: Arguments, thread: ThreadMetadata, new_id: Callable[[], str], sender: WidgetItem | None = None):
    """An event as a fixture gives it, with what its item lacks filled in."""
    item = event.get("item")
    if item is not None:
        known = sender.model_dump(mode="json") if sender and item.get("id") == sender.id else {}
        basics = {"id": new_id(), "thread_id": thread.id, "created_at": datetime.now().isoformat()}
        event = {**event, "item": {**basics, **known, **item}}
    return EVENT.validate_python(event)


async def client_tool(context: AgentContext[Context], arguments: Arguments) -> str:
    context.client_tool_call = ClientToolCall(name=arguments["name"], arguments=arguments["arguments"])
    return "{}"


async def ask(context: AgentContext[Context], arguments: Arguments) -> str:
    item = {
        "type": "structured_input",
        "id": context.generate_id("message"),
        "thread_id": context.thread.id,
        "created_at": datetime.now(),
        "inputs": arguments["inputs"],
    }
    await context.stream(ThreadItemDoneEvent(item=StructuredInputItem.model_validate(item)))
    return "asked"


async def emit(context: AgentContext[Context], arguments: Arguments) -> str:
    for event in arguments["events"]:
        await context.stream(completed(event, context.thread, lambda: context.generate_id("message")))
    return "emitted"


async def set_thread(context: AgentContext[Context], arguments: Arguments) -> str:
    if "status" in arguments:
        context.thread.status = TypeAdapter(ThreadStatus).validate_python(arguments["status"])
    for field in ("title", "allowed_image_domains", "metadata"):
        if field in arguments:
            setattr(context.thread, field, arguments[field])
    return "set"


async def widget(context: AgentContext[Context], arguments: Arguments) -> str:
    await context.stream_widget(DynamicWidgetRoot.model_validate(arguments["widget"]), arguments.get("copy_text"))
    return "shown"


async def widget_stream(context: AgentContext[Context], arguments: Arguments) -> str:
    async def states():
        for state in arguments["states"]:
            yield DynamicWidgetRoot.model_validate(state)

    await context.stream_widget(states(), arguments.get("copy_text"))
    return "shown"


async def workflow(context: AgentContext[Context], arguments: Arguments) -> str:
    for step in arguments["steps"]:
        match step["op"]:
            case "start":
                await context.start_workflow(Workflow.model_validate(step["workflow"]))
            case "add_task":
                await context.add_workflow_task(TypeAdapter(Task).validate_python(step["task"]))
            case "update_task":
                await context.update_workflow_task(TypeAdapter(Task).validate_python(step["task"]), step["index"])
            case "end":
                given = step.get("summary")
                summary = TypeAdapter(WorkflowSummary).validate_python(given) if given else None
                await context.end_workflow(summary, step.get("expanded", False))
        # The SDK sends live objects: the next step would change an event that has not been sent yet.
        await asyncio.sleep(SETTLE_SECONDS)
    return "worked"


TOOLS: dict[str, Tool] = {
    "fx_client_tool": client_tool,
    "fx_ask": ask,
    "fx_emit": emit,
    "fx_set_thread": set_thread,
    "fx_widget": widget,
    "fx_widget_stream": widget_stream,
    "fx_workflow": workflow,
}


def function_tool(name: str, run: Tool) -> FunctionTool:
    async def invoke(wrapper: RunContextWrapper[AgentContext[Context]], arguments: str) -> str:
        result = await run(wrapper.context, json.loads(arguments))
        # Lets the events out before the model goes on.
        await asyncio.sleep(SETTLE_SECONDS)
        return result

    schema = {"type": "object", "properties": {}, "additionalProperties": True}
    return FunctionTool(name, f"Test tool {name}", schema, invoke, strict_json_schema=False)


async def trips(_wrapper: RunContextWrapper, _agent: Agent, output: Any) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered="[[TRIP]]" in str(output))


class Converter(ThreadItemConverter):
    async def attachment_to_message_content(self, attachment: Attachment):
        return {"type": "input_text", "text": f"Attachment: {attachment.name}"}

    async def tag_to_message_content(self, tag: UserMessageTagContent):
        return {"type": "input_text", "text": f"Tag: {tag.text} ({tag.id})"}


class FixtureServer(ChatKitServer[Context]):
    def __init__(self, store, attachment_store, client: AsyncOpenAI) -> None:
        super().__init__(store, attachment_store)
        self.agent = Agent[AgentContext[Context]](
            name="fixtures",
            instructions="You are a test.",
            model=OpenAIResponsesModel("fake", client),
            tools=[function_tool(name, run) for name, run in TOOLS.items()],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["fx_client_tool", "fx_ask"]),
            output_guardrails=[OutputGuardrail(trips)],
        )

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        newest = await self.store.load_thread_items(thread.id, None, WINDOW, "desc", context)
        conversation = await Converter().to_agent_input(newest.data[::-1])
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        run = Runner.run_streamed(self.agent, conversation, context=agent_context)
        converter = ResponseStreamConverter(partial_images=EXPECTED_PREVIEWS)
        async for event in stream_agent_response(agent_context, run, converter=converter):
            yield event

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        payload = action.payload or {}
        sender_id = sender.id if sender else None
        if action.type == "fx.emit":
            events = json.loads(json.dumps(payload["events"]).replace("{{sender_id}}", sender_id or ""))
            for event in events:
                yield completed(
                    event, thread, lambda: self.store.generate_item_id("message", thread, context), sender
                )
        elif action.type == "fx.echo":
            data = {"payload": action.payload, **({"sender_id": sender_id} if sender_id else {})}
            yield EVENT.validate_python({"type": "client_effect", "name": "echo", "data": data})
        elif action.type == "fx.fail":
            raise failure(payload)

    async def sync_action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Context
    ) -> SyncCustomActionResponse:
        if action.type != "fx.widget" or sender is None:
            return SyncCustomActionResponse()
        given = DynamicWidgetRoot.model_validate(action.payload["widget"])
        return SyncCustomActionResponse(updated_item=sender.model_copy(update={"widget": given}))

    async def transcribe(self, audio_input: AudioInput, context: Context) -> TranscriptionResult:
        return TranscriptionResult(text=f"{audio_input.media_type}:{len(audio_input.data)}")


def failure(payload: Arguments) -> Exception:
    retry = {"allow_retry": payload["allow_retry"]} if "allow_retry" in payload else {}
    match payload["kind"]:
        case "custom":
            return CustomStreamError(payload["message"], **retry)
        case "code":
            return StreamError(ErrorCode.STREAM_ERROR, **retry)
        case _:
            return RuntimeError("an internal text that nobody must see")
