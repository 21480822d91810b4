import { Readable } from 'node:stream';
import { ChatAnswerReader } from '../adapters/openai/chat/answer/from-wire.js';
import { dialect, type Quirks } from '../adapters/openai/chat/dialect.js';
import { AnswerFold, type GenerateResult } from '../spec/generate.js';
import { ProviderError } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { AnswerReader } from '../wire/answer-reader.js';
import { readAnswer } from '../wire/read-answer.js';
import type { Framing } from '../wire/wire-format.js';
import { faultsOf } from './well-formed.js';

const REF = { provider: 'p', model: 'm' };
export const CONTEXT = { ref: REF, secrets: [] };

/** What a reader made of a body. */
export interface ReadBody {
  readonly parts: readonly StreamPart[];
  readonly answer: GenerateResult;
  readonly faults: readonly unknown[];
  readonly error: ProviderError | undefined;
}

export interface BodyInit {
  readonly reader?: AnswerReader;
  readonly contentType?: string;
  readonly framing?: Framing | undefined;
}

/** A chunk of OpenAI's chat completions. */
export const chunk = (delta: object | null, finish: string | null = null, more: object = {}): string =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, ...(delta && { delta }), finish_reason: finish, ...more }] })}\n\n`;

export const DONE = 'data: [DONE]\n\n';
export const STOP = chunk({}, 'stop');

export const chatReader = (quirks: Quirks = {}): ChatAnswerReader => {
  let made = 0;
  return new ChatAnswerReader(CONTEXT, () => `made-${made++}`, dialect(quirks));
};

/** Reads a body that comes in these network chunks; by default as OpenAI's chat completions. @throws what is no ProviderError */
export async function readChunks(chunks: readonly (string | Uint8Array)[], init: BodyInit = {}): Promise<ReadBody> {
  const { reader = chatReader(), contentType = 'text/event-stream', framing } = init;
  const body = Readable.from(chunks.map((one) => Buffer.from(one)));
  const response = { status: 200, headers: { 'content-type': contentType }, body, release: () => undefined };
  const parts: StreamPart[] = [];
  let error: ProviderError | undefined;
  try {
    for await (const _ of await readAnswer(response, reader, CONTEXT, framing)) parts.push(...reader.take());
  } catch (reason) {
    if (!(reason instanceof ProviderError)) throw reason;
    error = reason;
  }
  return { parts, answer: folded(parts), faults: error ? [] : faultsOf(parts), error };
}

/** The parts as one answer, as far as they go. */
function folded(parts: readonly StreamPart[]): GenerateResult {
  const fold = new AnswerFold();
  for (const part of parts) fold.add(part);
  if (!fold.isComplete) fold.add({ type: 'finish', reason: { unified: 'other', raw: null } });
  return fold.result(REF);
}
