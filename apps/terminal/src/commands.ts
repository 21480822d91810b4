import { withValues } from '../../web/src/protocol/widgets.js';
import type { Widget } from '../../web/src/protocol/items/widget.js';
import type { Thread } from '../../web/src/protocol/types.js';
import { attachFile, readRecording } from './attach.js';
import type { Connection } from './connect.js';
import type { Conversation } from './conversation.js';
import { transcriptOf } from './once.js';
import { oneLine } from './plain.js';
import { type Choice, widgetText } from './show/widget-text.js';
import { waitingIn } from './turn.js';

/** What commands work on. */
export interface Desk {
  readonly connection: Connection;
  readonly conversation: Conversation;
  readonly say: (line: string) => void;
  /** The last list, whose numbers commands take. */
  threads: readonly Thread[];
  assistant: string | undefined;
}

interface Command {
  readonly usage: string;
  readonly does: string;
  readonly run: (desk: Desk, argument: string) => Promise<void>;
}

const PAGE = 20;
const TRANSCRIPT = 50;

/** A command cannot be carried out as it was typed; the message says why. */
class CommandError extends Error {}

const COMMANDS: Readonly<Record<string, Command>> = {
  help: { usage: '/help', does: 'shows this list', run: async ({ say }) => say(help()) },
  new: { usage: '/new', does: 'starts a new conversation', run: async ({ conversation }) => conversation.begin() },
  threads: { usage: '/threads', does: 'lists the newest conversations', run: listThreads },
  search: { usage: '/search WORDS', does: 'finds conversations', run: search },
  open: { usage: '/open NUMBER|ID', does: 'opens a conversation', run: open },
  rename: { usage: '/rename TITLE', does: 'names this conversation', run: rename },
  delete: { usage: '/delete [NUMBER|ID]', does: 'deletes a conversation, this one by default', run: remove },
  retry: { usage: '/retry', does: 'asks the last question again', run: retry },
  feedback: { usage: '/feedback good|bad', does: 'says what you think of the last answer', run: giveFeedback },
  dictate: { usage: '/dictate PATH', does: 'sends what is said in a recording as your message', run: dictate },
  models: { usage: '/models', does: 'lists the models', run: listModels },
  model: { usage: '/model [NAME]', does: 'chooses a model; without a name, the default one', run: chooseModel },
  assistants: { usage: '/assistants', does: 'lists the assistants', run: listAssistants },
  assistant: { usage: '/assistant [ID]', does: 'chooses an assistant', run: chooseAssistant },
  attach: { usage: '/attach PATH', does: 'attaches a file to the next message', run: attach },
  act: { usage: '/act [WIDGET.]NUMBER [name=value …]', does: 'chooses in a widget; the newest widget is 1', run: act },
  answer: { usage: '/answer', does: 'answers the form or tool call that is waiting', run: answer },
  quit: { usage: '/quit', does: 'ends the program (also Ctrl-D)', run: async () => undefined },
};

const help = (): string =>
  Object.values(COMMANDS)
    .map(({ usage, does }) => `${usage.padEnd(38)} ${does}`)
    .join('\n');

/** Carries out a line that begins with a slash. @throws what is to be said to the person */
export async function runCommand(desk: Desk, line: string): Promise<void> {
  const [, name = '', argument = ''] = /^\/(\w*)\s*(.*)$/s.exec(line) ?? [];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return desk.say(`There is no command /${oneLine(name)}. /help lists them.`);
  await command.run(desk, argument.trim());
}

async function listThreads(desk: Desk): Promise<void> {
  const { data } = await desk.connection.client.listThreads({ limit: PAGE, order: 'desc' });
  show(desk, data);
}

async function search(desk: Desk, words: string): Promise<void> {
  const { data } = await desk.connection.client.searchThreads(words, { limit: PAGE });
  show(desk, data);
}

function show(desk: Desk, threads: readonly Thread[]): void {
  desk.threads = threads;
  if (threads.length === 0) desk.say('No conversations found.');
  for (const [index, thread] of threads.entries()) {
    const mark = thread.id === desk.conversation.threadId ? '*' : ' ';
    desk.say(
      `${mark}[${index + 1}] ${oneLine(thread.title ?? '(no title)')}  ${thread.created_at.slice(0, 16)}  ${oneLine(thread.id)}`,
    );
  }
}

/** By its number in the last list, or its id. */
function idOf({ threads }: Desk, argument: string): string {
  if (argument === '') throw new CommandError('Name a conversation by its number in /threads, or its id.');
  if (!/^\d+$/.test(argument)) return argument;
  const thread = threads[Number(argument) - 1];
  if (!thread) throw new CommandError(`There is no conversation ${argument}; /threads lists them.`);
  return thread.id;
}

async function open(desk: Desk, argument: string): Promise<void> {
  const { connection, conversation, say } = desk;
  const id = idOf(desk, argument);
  const thread = await connection.client.getThread(id);
  const { data, has_more: hasMore } = await connection.client.listItems(id, { limit: TRANSCRIPT, order: 'desc' });
  conversation.begin(id);
  conversation.items = data.toReversed();
  say(`── ${oneLine(thread.title ?? '(no title)')} ──${hasMore ? ' (newest messages only)' : ''}`);
  for (const item of conversation.items) say(transcriptOf(item));
  await conversation.follow();
  if (waitingIn(conversation.items)) say('A form or tool call is waiting: /answer');
}

async function rename({ connection, conversation, say }: Desk, title: string): Promise<void> {
  if (conversation.threadId === undefined) throw new CommandError('There is no conversation yet.');
  if (title === '') throw new CommandError('Give a title: /rename TITLE');
  await connection.client.renameThread(conversation.threadId, title);
  say(`Renamed to ${oneLine(title)}.`);
}

async function remove(desk: Desk, argument: string): Promise<void> {
  const { connection, conversation, say } = desk;
  const id = argument === '' ? conversation.threadId : idOf(desk, argument);
  if (id === undefined) throw new CommandError('There is no conversation yet.');
  await connection.client.deleteThread(id);
  if (id === conversation.threadId) conversation.begin();
  say('Deleted.');
}

async function retry({ conversation }: Desk): Promise<void> {
  if (!(await conversation.retry())) throw new CommandError('There is no question to ask again.');
}

const KINDS: Readonly<Record<string, 'positive' | 'negative'>> = { good: 'positive', bad: 'negative' };

async function giveFeedback({ connection, conversation, say }: Desk, word: string): Promise<void> {
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (!kind) throw new CommandError('Say /feedback good or /feedback bad.');
  const last = conversation.items.findLast(({ type }) => type === 'assistant_message');
  const { threadId } = conversation;
  if (!last || threadId === undefined) throw new CommandError('There is no answer yet.');
  await connection.client.feedback(threadId, [last.id], kind);
  say('Thank you: the server has it.');
}

async function dictate({ connection, conversation, say }: Desk, path: string): Promise<void> {
  if (path === '') throw new CommandError('Give a recording: /dictate PATH');
  const { bytes, type } = await readRecording(path);
  const words = await connection.client.transcribe(bytes.toString('base64'), type, AbortSignal.timeout(120_000));
  if (words.trim() === '') throw new CommandError('The recording has no words.');
  say(`> ${oneLine(words)}`);
  await conversation.send(words);
}

async function listModels({ connection, conversation, say }: Desk): Promise<void> {
  const models = await connection.client.listModels().catch(() => []);
  if (models.length === 0) say('This server lists no models. If you know one, choose it with /model NAME.');
  for (const { id, label, default: isDefault } of models) {
    const mark = id === conversation.model ? '*' : ' ';
    say(`${mark} ${oneLine(id)}${label === id ? '' : `  ${oneLine(label)}`}${isDefault ? '  (default)' : ''}`);
  }
}

async function chooseModel({ conversation, say }: Desk, name: string): Promise<void> {
  conversation.model = name === '' ? undefined : name;
  say(name === '' ? 'The default model answers.' : `${oneLine(name)} answers from now on.`);
}

async function listAssistants({ connection, assistant, say }: Desk): Promise<void> {
  const { assistants } = await connection.client.config();
  for (const { id, name, default: isDefault, description } of assistants) {
    const mark = id === assistant ? '*' : ' ';
    say(
      `${mark} ${oneLine(id)}  ${oneLine([name, description].filter(Boolean).join(': '))}${isDefault ? '  (default)' : ''}`,
    );
  }
}

async function chooseAssistant(desk: Desk, id: string): Promise<void> {
  desk.assistant = id === '' ? undefined : id;
  desk.say(id === '' ? 'The default assistant answers.' : `${oneLine(id)} answers from now on.`);
}

async function attach({ connection, conversation, say }: Desk, path: string): Promise<void> {
  if (path === '') throw new CommandError('Give a file: /attach PATH');
  const attachment = await attachFile(connection, path, AbortSignal.timeout(600_000));
  conversation.attachments = [...conversation.attachments, attachment];
  say(`Attached: ${conversation.attachments.map(({ name }) => oneLine(name)).join(', ')}. Sent with the next message.`);
}

async function act(desk: Desk, argument: string): Promise<void> {
  const { connection, conversation, say } = desk;
  const [place = '', ...pairs] = argument.split(/\s+(?=[^\s=]+=|$)/);
  const { widget, choice } = chosen(conversation, place);
  const { action } = choice;
  if (action.handler === 'client') throw new CommandError('This action runs in a web page, not on the server.');
  const request = { type: action.type, payload: withValues(action.payload, valuesIn(pairs)) };
  if (action.streaming) return conversation.act(widget.id, request);
  const { threadId } = conversation;
  if (threadId === undefined) return;
  const item = await connection.client.sendActionNow(threadId, { itemId: widget.id, action: request });
  if (!item) return say('Done.');
  conversation.items = conversation.items.map((one) => (one.id === item.id ? item : one));
  say(transcriptOf(item));
}

/** `2`: the second choice of the newest widget; `3.2`: of the third newest one. */
function chosen({ items }: Conversation, place: string): { widget: Widget; choice: Choice } {
  const [, back = '1', number = ''] = /^(?:(\d+)\.)?(\d+)$/.exec(place) ?? [];
  const widgets = items.flatMap((item) => (item.type === 'widget' ? item : []));
  const widget = widgets.at(-Number(back));
  if (!widget) throw new CommandError('There is no such widget in this conversation.');
  const { choices } = widgetText(widget.widget);
  const choice = choices[Number(number) - 1];
  if (choice) return { widget, choice };
  throw new CommandError(
    `The widget offers ${choices.map(({ label }, index) => `[${index + 1}] ${label}`).join(', ') || 'nothing'}.`,
  );
}

const valuesIn = (pairs: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      const text = value.join('=');
      return [name, text === 'true' || text === 'false' ? text === 'true' : text];
    }),
  );

async function answer({ conversation }: Desk): Promise<void> {
  const waiting = waitingIn(conversation.items);
  if (!waiting) throw new CommandError('Nothing is waiting for an answer.');
  await conversation.answer(waiting);
}
