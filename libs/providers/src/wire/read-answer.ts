import { delimited } from '../http/delimited.js';
import type { HttpResponse } from '../http/http-client.js';
import { jsonLines } from '../http/json-lines.js';
import { readBody } from '../http/read-body.js';
import { type SseFrame, sseFrames } from '../http/sse-frames.js';
import { textPieces } from '../http/text-pieces.js';
import { ProviderError } from '../spec/provider-error.js';
import type { AnswerReader } from './answer-reader.js';
import { type FailureContext, streamFailure } from './errors.js';
import type { Framing } from './wire-format.js';

/** A whole answer in one JSON body, from servers that do not stream. Nothing larger is a chat answer. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * Feeds a response into the reader and yields once per network chunk whether the answer is over; the caller takes the parts.
 * @throws ProviderError `malformed_response`, what the reader and the provider report, and what the socket throws
 */
export function readAnswer(
  response: HttpResponse,
  reader: AnswerReader,
  context: FailureContext,
  framing?: Framing,
): AsyncGenerator<boolean, void, undefined> {
  const type = response.headers['content-type'] ?? '';
  if (/^text\/html/i.test(type)) throw malformed(context, `expected an answer, got ${type}`);
  const json = /^application\/(graphql-response\+)?json/i.test(type);
  if (framing === 'whole' || (json && typeof framing !== 'object' && framing !== 'text')) {
    return readWhole(response, reader, context);
  }
  return readStream(framesOf(response, framing), reader, context);
}

function framesOf(response: HttpResponse, framing: Framing | undefined): AsyncIterable<readonly SseFrame[]> {
  const { body } = response;
  if (typeof framing === 'function') return framing(response);
  if (typeof framing === 'object') return delimited(body, framing.delimiter);
  if (framing === 'text') return textPieces(body);
  return framing === 'ndjson' ? jsonLines(body) : sseFrames(body);
}

async function* readWhole(
  response: HttpResponse,
  reader: AnswerReader,
  context: FailureContext,
): AsyncGenerator<boolean, void, undefined> {
  const json = parse(await readBody(response.body, MAX_ANSWER_BYTES), context);
  try {
    reader.whole(json);
    reader.end(true);
  } catch (error) {
    yield* delivered(error);
  }
  yield true;
}

async function* readStream(
  stream: AsyncIterable<readonly SseFrame[]>,
  reader: AnswerReader,
  context: FailureContext,
): AsyncGenerator<boolean, void, undefined> {
  let progress: Progress = 'more';
  try {
    for await (const frames of stream) {
      try {
        progress = feed(frames, reader, context);
      } catch (error) {
        yield* delivered(error);
      }
      if (progress !== 'more') break;
      yield false;
    }
  } catch (error) {
    if (error instanceof ProviderError || !reader.finished) throw error;
  }
  try {
    reader.end(progress === 'marked');
  } catch (error) {
    yield* delivered(error);
  }
  yield true;
}

/** What came before a failure in the same chunk was said, usage included, and is delivered. @throws the error */
function* delivered(error: unknown): Generator<false, never, undefined> {
  yield false;
  throw error;
}

/** `marked`: the end marker came; `over`: the reader has had its last frame. */
type Progress = 'more' | 'marked' | 'over';

function feed(frames: readonly SseFrame[], reader: AnswerReader, context: FailureContext): Progress {
  for (const frame of frames) {
    const { event, data } = frame;
    if (data.trim() === '[DONE]' || reader.ends?.(frame)) return 'marked';
    const json = parseFrame(data, reader, context);
    if (json === undefined) continue;
    if (event === 'error') throw streamFailure(context, json);
    if (reader.frame(json)) return 'over';
  }
  return 'more';
}

/** @returns undefined for a frame that is no JSON, if the reader skips such frames */
function parseFrame(data: string, reader: AnswerReader, context: FailureContext): unknown {
  try {
    return parse(data, context);
  } catch (error) {
    if (!reader.unreadable) throw error;
    reader.unreadable(data);
    return undefined;
  }
}

function parse(text: string, context: FailureContext): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(context, 'a frame that is not JSON', cause);
  }
}

function malformed({ ref }: FailureContext, detail: string, cause?: unknown): ProviderError {
  return new ProviderError('malformed_response', { ref, detail, cause });
}
