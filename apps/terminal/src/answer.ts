import type { ChatClient } from '../../web/src/protocol/client.js';
import type { Question, StructuredInput } from '../../web/src/protocol/items/structured-input.js';
import type { ChatEvent } from '../../web/src/protocol/types.js';
import { UsageError } from './options.js';
import type { Waiting } from './turn.js';

/** Values by the ids of questions; a question that is missing is skipped. */
export type FormValues = Readonly<Record<string, readonly string[]>>;

/** What the server takes for a form. */
export function formInput({ inputs }: StructuredInput, values: FormValues): object {
  const answers = inputs.map(
    ({ id }) => [id, values[id]?.length ? { values: values[id] } : { skipped: true }] as const,
  );
  if (answers.every(([, answer]) => 'skipped' in answer)) return { status: 'skipped', answers: {} };
  return { status: 'answered', answers: Object.fromEntries(answers) };
}

/** Goes on with a thread that waits. `json`: the result of a client tool, or texts by the ids of a form's questions. */
export function answerWaiting(
  client: ChatClient,
  threadId: string,
  waiting: Waiting,
  json: string,
  signal: AbortSignal,
): AsyncIterable<ChatEvent> {
  const value = parsed(json);
  if (waiting.type === 'client_tool_call') return client.answerClientTool(threadId, value, signal);
  return client.submitForm(threadId, waiting.id, formInput(waiting, valuesOf(value, waiting.inputs)), signal);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError('--answer must be JSON, such as {"question": "text"} for a form');
  }
}

function valuesOf(value: unknown, questions: readonly Question[]): FormValues {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`--answer must be an object with ${questions.map(({ id }) => `"${id}"`).join(', ')}`);
  }
  const entries = Object.entries(value).map(([id, given]) => [id, [given].flat().map(String)] as const);
  const unknown = entries.find(([id]) => !questions.some((question) => question.id === id));
  if (unknown)
    throw new UsageError(
      `The form has no question "${unknown[0]}"; it has ${questions.map(({ id }) => id).join(', ')}`,
    );
  return Object.fromEntries(entries);
}
