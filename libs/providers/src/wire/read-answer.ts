import type { Readable } from 'node:stream';
import { delimited } from '../http/delimited.js';
import type { HttpResponse } from '../http/http-client.js';
import { jsonBody } from '../http/json-body.js';
import { jsonLines } from '../http/json-lines.js';
import { operatorDetail } from '../http/operator-detail.js';
import { readBody } from '../http/read-body.js';
import { SniffedBody } from '../http/sniffed-body.js';
import { type SseFrame, sseFrames } from '../http/sse-frames.js';
import { textFrames } from '../http/text-frames.js';
import { textPieces } from '../http/text-pieces.js';
import { ProviderError } from '../spec/provider-error.js';
import type { AnswerReader } from './answer-reader.js';
import type { FailureContext } from './errors.js';
import { FrameFeed } from './frame-feed.js';
import type { EventFraming, Framing } from './wire-format.js';

/** A whole answer in one JSON body, from servers that do not stream. Nothing larger is a chat answer. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * Feeds a response into the reader and yields once per network chunk whether the answer is over; the caller takes the parts. Unless the
 * framing is declared, the body is read for what its first character says that it is, whatever its content type.
 * @throws ProviderError `malformed_response`, what the reader and the provider report, and what the socket throws
 */
export async function readAnswer(
  response: HttpResponse,
  reader: AnswerReader,
  context: FailureContext,
  framing?: Framing,
  seen?: (frame: SseFrame) => void,
): Promise<AsyncGenerator<boolean, void, undefined>> {
  const contentType = response.headers['content-type'];
  const feed = new FrameFeed(reader, context, contentType, seen);
  const isJson = isLabelledJson(contentType ?? '');
  if (framing === undefined || framing === 'ndjson' || isEvents(framing)) {
    const body = await SniffedBody.of(response.body);
    if (body.form === 'page') throw page(response, context, body.beginning);
    if (body.form === 'json' && (framing !== 'ndjson' || isJson)) return readJson(body, feed);
    const frames = body.form === 'json' ? jsonLines(body) : sseFrames(body);
    return readStream(isEvents(framing) ? textFrames(frames, framing.content) : frames, feed, body);
  }
  if (/^text\/html/i.test(response.headers['content-type'] ?? '')) throw page(response, context);
  if (framing === 'whole' || (isJson && typeof framing === 'function')) return readWhole(response, feed);
  return readStream(framesOf(response, framing), feed);
}

function framesOf(
  response: HttpResponse,
  framing: Exclude<Framing, 'ndjson' | 'whole' | EventFraming>,
): AsyncIterable<readonly SseFrame[]> {
  if (typeof framing === 'function') return framing(response);
  const chunks = kept(response.body);
  if (framing === 'text') return textPieces(chunks);
  return textFrames(delimited(chunks, framing.delimiter, { trims: false }), framing.content);
}

const isEvents = (framing: Framing | undefined): framing is EventFraming =>
  typeof framing === 'object' && 'events' in framing;

async function* readWhole(response: HttpResponse, feed: FrameFeed): AsyncGenerator<boolean, void, undefined> {
  feed.whole(await readBody(response.body, MAX_ANSWER_BYTES));
  yield* ended(feed);
}

/** What came before a failure was said, usage included, and is delivered. @throws the failure */
function* ended(feed: FrameFeed): Generator<boolean, void, undefined> {
  if (feed.hasFailed) yield false;
  feed.check();
  yield true;
}

/** A body that begins like JSON although server-sent events were expected. */
async function* readJson(body: SniffedBody, feed: FrameFeed): AsyncGenerator<boolean, void, undefined> {
  for await (const piece of jsonBody(body)) {
    if ('whole' in piece) {
      feed.whole(piece.whole);
      return yield* ended(feed);
    }
    feed.take(piece.lines);
    yield false;
    feed.check();
    if (feed.isOver) break;
  }
  feed.end();
  yield* ended(feed);
}

async function* readStream(
  stream: AsyncIterable<readonly SseFrame[]>,
  feed: FrameFeed,
  body?: SniffedBody,
): AsyncGenerator<boolean, void, undefined> {
  try {
    for await (const frames of stream) {
      feed.take(frames);
      // What came before a failure in the same chunk was said, and is delivered.
      yield false;
      feed.check();
      if (feed.isOver) break;
    }
  } catch (error) {
    if (error instanceof ProviderError || !feed.isFinished) throw error;
  }
  feed.end(body?.beginning);
  yield* ended(feed);
}

/** Leaving a loop must not destroy the body: who reads it decides whether the connection stays open. */
const kept = (body: Readable): AsyncIterable<Buffer> => body.iterator({ destroyOnReturn: false });

const isLabelledJson = (type: string): boolean => /^application\/(graphql-response\+)?json/i.test(type);

function page({ headers }: HttpResponse, { ref, secrets }: FailureContext, beginning = ''): ProviderError {
  const detail = `expected an answer, got a page (${headers['content-type']}) ${beginning}`.trim();
  return new ProviderError('malformed_response', { ref, detail: operatorDetail(detail, secrets) });
}
