import {
  type AssistantContext,
  type ItemOf,
  type ItemType,
  type NewItem,
  newId,
  ThreadItem,
  type ThreadFieldChanges,
  type ThreadMetadata,
  type ThreadStreamEvent,
  type ToolContext,
  toWireThread,
  type TurnContext,
  type IdKind,
} from '#chatkit';
import type { Claim } from '#runtime/worker';
import type { ItemTimes } from '../output/item-times.js';
import type { TurnOutput } from '../output/turn-output.js';
import { showWidget } from './show-widget.js';
import type { TurnEnd } from './turn-end.js';

export interface TurnContextFacts {
  readonly base: AssistantContext;
  readonly claim: Claim;
  readonly thread: ThreadMetadata;
  readonly output: TurnOutput;
  readonly end: TurnEnd;
  readonly answer: TurnContext['answer'];
}

/** The context of a turn. What its helpers emit goes to the turn's output at once. */
export function turnContext(facts: TurnContextFacts): TurnContext {
  const { base, claim, output, end } = facts;
  const holder = { thread: facts.thread };
  const emit = (event: ThreadStreamEvent): Promise<void> => output.emitOwn(event);
  const item = ((fields: NewItem) => completeItem(claim.threadId, output.times, fields)) as TurnContext['item'];
  const done = async <Item extends ThreadItem>(finished: Item): Promise<Item> => {
    await emit({ type: 'thread.item.done', item: finished });
    return finished;
  };
  return {
    ...base,
    get thread() {
      return holder.thread;
    },
    run: { id: claim.runId, attempt: claim.attempt },
    choice: { model: claim.request.model, toolChoice: claim.request.toolChoice },
    emit: (event) => output.emitChecked(event),
    item,
    async updateThread(changes: ThreadFieldChanges) {
      holder.thread = await base.store.updateThread(claim.threadId, changes);
      await emit({ type: 'thread.updated', thread: toWireThread(holder.thread) });
    },
    progress: (text, icon) => emit({ type: 'progress_update', text, icon }),
    effect: (name, data = {}) => emit({ type: 'client_effect', name, data }),
    notice: (notice) => emit({ type: 'notice', ...notice }),
    widget: (states, { copyText, id } = {}) =>
      showWidget(emit, (widget) => item({ type: 'widget', widget, copy_text: copyText, id }), states),
    workflow: {
      start: (workflow) => output.workflow.start(workflow),
      addTask: (task) => output.workflow.addTask(task),
      updateTask: (index, task) => output.workflow.updateTask(index, task),
      end: (ending) => output.workflow.end(ending),
    },
    image: async ({ url, id = newId('message') }) => done(item({ type: 'generated_image', image: { id, url } })),
    hiddenContext: async (content) => done(item({ type: 'hidden_context_item', content })),
    async ask(questions) {
      const inputs = questions as ItemOf<'structured_input'>['inputs'];
      const form = await done(item({ type: 'structured_input', status: 'pending', inputs }));
      end.stop();
      return form;
    },
    callClientTool: (name, args) => end.callClientTool({ name, arguments: args }),
    answer: facts.answer,
  };
}

/** The context of a tool call; a client tool that it calls has the model's own id of the call [TC-1]. */
export function toolContext(ctx: TurnContext, end: TurnEnd, toolCall: ToolContext['toolCall']): ToolContext {
  const call = Object.defineProperties({}, Object.getOwnPropertyDescriptors(ctx)) as ToolContext;
  return Object.assign(call, {
    toolCall,
    callClientTool: (name: string, args: Record<string, unknown>) =>
      end.callClientTool({ name, arguments: args, callId: toolCall.id }),
  });
}

const ID_KINDS: Partial<Record<ItemType, IdKind>> = {
  client_tool_call: 'tool_call',
  workflow: 'workflow',
  task: 'task',
};

/** The item, completed with ids, times and the protocol's defaults. Throws a `ZodError` for what is not an item. */
function completeItem(
  threadId: string,
  times: ItemTimes,
  fields: { readonly type: ItemType; readonly id?: string | undefined },
): ThreadItem {
  return ThreadItem.parse({
    created_at: times.next(),
    ...fields,
    id: fields.id ?? newId(ID_KINDS[fields.type] ?? 'message'),
    thread_id: threadId,
  });
}
