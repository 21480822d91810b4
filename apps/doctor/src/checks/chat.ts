import type { Check } from '../check.js';
import { fail, type Finding, ok, reasonOf } from '../finding.js';
import { askChatKit, refusalIn } from '../server/ask.js';
import type { Server } from '../server/server.js';

const WITHIN_MS = 60_000;
const MESSAGE = { content: [{ type: 'input_text', text: 'Reply with OK.' }], attachments: [], inference_options: {} };

interface Seen {
  threadId?: string;
  firstText?: number;
  /** What the server says of a failure; empty for one without a text. */
  error?: string;
  done: boolean;
}

/** A message, from the API through queue, worker and model, and back. Its thread is deleted. */
export const chat: Check<Server> = {
  name: 'chat',
  async run(server) {
    if (!server.sendsMessage) return [];
    const seen: Seen = { done: false };
    try {
      const start = performance.now();
      const response = await askChatKit(server, 'threads.create', { input: MESSAGE }, WITHIN_MS);
      if (!response.ok) {
        const refusal = await refusalIn(response);
        const fix =
          response.status === 401 ? "Give credentials: --header 'Authorization: Bearer …'" : 'See the log of the API.';
        return [fail(`the message was refused: HTTP ${response.status} ${refusal?.message ?? ''}`, fix)];
      }
      await read(response, seen);
      return [outcome(seen, start)];
    } catch (error) {
      return [fail(`no answer: ${reasonOf(error)}`, 'See the logs of the API and of the worker.')];
    } finally {
      if (seen.threadId !== undefined) await askChatKit(server, 'threads.delete', { thread_id: seen.threadId });
    }
  },
};

async function read({ body }: Response, seen: Seen): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) take(JSON.parse(line.slice('data:'.length)), seen);
  }
}

function take(event: { type?: string; [name: string]: unknown }, seen: Seen): void {
  const { thread, item, update } = event as {
    thread?: { id: string };
    item?: { type: string };
    update?: { type: string };
  };
  if (event.type === 'thread.created') seen.threadId = thread!.id;
  if (update?.type === 'assistant_message.content_part.text_delta') seen.firstText ??= performance.now();
  if (event.type === 'error') seen.error = String(event['message'] ?? '');
  if (event.type === 'thread.item.done' && item?.type === 'assistant_message') seen.done = true;
}

function outcome({ error, done, firstText }: Seen, start: number): Finding {
  if (error !== undefined) {
    return fail(
      `the answer failed${error && `: ${error.split('\n').join(' ')}`}`,
      "See the worker's log for the cause.",
    );
  }
  if (!done) return fail('the stream ended without an answer', 'See the logs of the API and of the worker.');
  const since = (time: number): string => `${Math.round(time - start)} ms`;
  const first = firstText === undefined ? '' : `, its first words after ${since(firstText)}`;
  return ok(`a message was answered after ${since(performance.now())}${first}`);
}
