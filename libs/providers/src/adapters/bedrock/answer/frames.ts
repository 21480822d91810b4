import type { HttpResponse } from '../../../http/http-client.js';
import { type Json, object, text } from '../../../http/json.js';
import { type SseFrame, sseFrames } from '../../../http/sse-frames.js';
import { eventStream, type EventStreamMessage } from './event-stream.js';

/** Bedrock's frames as the events that Anthropic sends; gateways in front of it may have made events of them already. */
export function framesOf({ headers, body }: HttpResponse): AsyncIterable<readonly SseFrame[]> {
  return headers['content-type']?.includes('application/vnd.amazon.eventstream') ? decoded(body) : sseFrames(body);
}

async function* decoded(body: HttpResponse['body']): AsyncGenerator<readonly SseFrame[], void, undefined> {
  for await (const messages of eventStream(body)) {
    const frames = messages.flatMap(toFrame);
    if (frames.length > 0) yield frames;
  }
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ResponseStream.html */
function toFrame({ headers, payload }: EventStreamMessage): SseFrame[] {
  switch (headers[':message-type']) {
    case 'exception':
      return [failure(headers[':exception-type'], payload.toString('utf8'))];
    case 'error':
      return [failure(headers[':error-code'], JSON.stringify({ message: headers[':error-message'] }))];
    default:
      return headers[':event-type'] === 'chunk' ? toEvent(payload.toString('utf8')) : [];
  }
}

/** `{"bytes":"<base64 of an event>","p":"<padding>"}`; without bytes it is there to keep the connection. */
function toEvent(payload: string): SseFrame[] {
  const chunk = parse(payload);
  // No JSON: the reader of the frames says so.
  if (!chunk) return [{ data: payload }];
  const bytes = text(chunk['bytes']);
  return bytes ? [{ data: Buffer.from(bytes, 'base64').toString('utf8') }] : [];
}

/** The status is that of a model's own error, which ended the stream. */
function failure(type = 'unknown', payload: string): SseFrame {
  const { message, originalMessage, originalStatusCode } = parse(payload) ?? { message: payload };
  const error = { type, message: text(originalMessage) || text(message), code: originalStatusCode };
  return { event: 'error', data: JSON.stringify({ error }) };
}

function parse(json: string): Json | undefined {
  try {
    return object(JSON.parse(json));
  } catch {
    return undefined;
  }
}
