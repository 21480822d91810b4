import { textOf } from '../../web/src/protocol/items/text-of.js';
import type { ChatEvent, Item } from '../../web/src/protocol/types.js';
import { answerWaiting } from './answer.js';
import { attachFile } from './attach.js';
import type { Connection } from './connect.js';
import { explain } from './explain.js';
import { type Options, UsageError } from './options.js';
import { plain } from './plain.js';
import { itemText } from './show/item-text.js';
import { type Screen, TurnView } from './show/turn-view.js';
import { type Outcome, readTurn, type TurnResult, waitingIn } from './turn.js';

const EXIT_CODES: Readonly<Record<Outcome, number>> = { completed: 0, failed: 1, waiting: 3, stopped: 130 };

const LOOK_BACK = 20;

/** One turn, for scripts. Resolves with the exit code. */
export async function chatOnce(
  connection: Connection,
  options: Options & { readonly message: string },
  signal: AbortSignal,
): Promise<number> {
  const { client } = connection;
  const { threadId, json } = options;
  const view = new TurnView(json ? SILENT : PLAIN);
  const events = await turnOf(connection, options, signal);
  const result = await readTurn(events, {
    threadId,
    signal,
    onEvent: (event, entries) => (json ? printLine(event) : view.take(event, entries)),
  });
  view.end();
  const error = result.outcome === 'failed' ? await explain(client, result) : undefined;
  if (json) printLine(endOf(result, error));
  else tellEnd(result, error);
  return EXIT_CODES[result.outcome];
}

async function turnOf(
  connection: Connection,
  { threadId, message, model, answer, retry, attach }: Options & { readonly message: string },
  signal: AbortSignal,
): Promise<AsyncIterable<ChatEvent>> {
  const { client } = connection;
  if (threadId !== undefined && (answer !== undefined || retry)) {
    const { data } = await client.listItems(threadId, { limit: LOOK_BACK, order: 'desc' });
    return answer === undefined
      ? client.retry(threadId, questionIn(data), signal)
      : answerWaiting(client, threadId, waitingOf(data), answer, signal);
  }
  const attachments = await Promise.all(attach.map((path) => attachFile(connection, path, signal)));
  if (message === '' && attachments.length === 0) throw new UsageError('There is no message.');
  return client.send(threadId, { text: message, model, attachments }, signal);
}

/** `newest`: newest first. */
function questionIn(newest: readonly Item[]): string {
  const question = newest.find(({ type }) => type === 'user_message');
  if (!question) throw new UsageError('The conversation has no question to ask again.');
  return question.id;
}

function waitingOf(newest: readonly Item[]) {
  const waiting = waitingIn(newest.toReversed());
  if (!waiting) throw new UsageError('Nothing in the conversation is waiting for an answer.');
  return waiting;
}

const printLine = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

const SILENT: Screen = { write: () => undefined, note: () => undefined, isShared: false, isDrawn: false };
const PLAIN: Screen = {
  write: (text) => void process.stdout.write(text),
  note: (line) => void process.stderr.write(`${line}\n`),
  isShared: false,
  isDrawn: false,
};

const endOf = ({ outcome, threadId, runId, text, waiting }: TurnResult, error: string | undefined) => ({
  type: 'end',
  outcome,
  thread: threadId,
  ...(runId !== undefined && { run: runId }),
  text,
  ...(error !== undefined && { error }),
  ...(waiting && { waiting }),
});

function tellEnd({ outcome, threadId, waiting }: TurnResult, error: string | undefined): void {
  if (error !== undefined) PLAIN.note(error);
  if (outcome === 'stopped') PLAIN.note('Stopped.');
  if (waiting) {
    const ids =
      waiting.type === 'structured_input' ? waiting.inputs.map(({ id, question }) => `${id}: ${question}`) : [];
    PLAIN.note([`An answer is needed: --thread ${threadId} --answer JSON`, ...ids.map(plain)].join('\n'));
  }
}

/** A stored item, for a transcript. */
export const transcriptOf = (item: Item): string =>
  item.type === 'user_message'
    ? `> ${plain(textOf(item))}`
    : item.type === 'assistant_message'
      ? plain(textOf(item))
      : itemText(item);
