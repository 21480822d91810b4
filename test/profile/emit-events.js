const PREFIXES = { client_tool_call: 'tool_call', workflow: 'workflow', task: 'task' };

/** Emits events as a responder would; items get the id, thread and time that they lack, or those of the sender. */
export async function emitEvents(ctx, events, sender) {
  for (const event of events)
    await ctx.emit(event.item ? { ...event, item: complete(ctx, event.item, sender) } : event);
}

function complete(ctx, item, sender) {
  return {
    id: ctx.newId(PREFIXES[item.type] ?? 'message'),
    thread_id: ctx.thread.id,
    created_at: new Date().toISOString(),
    ...(sender && item.id === sender.id && sender),
    ...item,
  };
}
