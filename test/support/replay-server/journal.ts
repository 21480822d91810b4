import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the server saw of one request. */
export interface JournalEntry {
  readonly method: string;
  readonly path: string;
  /** Keys are replaced by their lengths. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  status: number | null;
  /** The client hung up before the answer was complete, so many milliseconds after the request came. */
  aborted: boolean;
  aborted_ms: number | null;
  /** Frames that were sent. */
  frames: number;
}

/** One request and its answer, with the entry that tells of both. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The parsed body; the text where it is no JSON. */
  readonly body: unknown;
  readonly entry: JournalEntry;
  /** The connection is closed. */
  gone(): boolean;
  /** We are about to close it ourselves, which is no client that hangs up. */
  closing(): void;
}

/** Reads a request, and follows what becomes of its answer. */
export async function openExchange(request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const began = Date.now();
  const state = { gone: false, closing: false };
  const body = parsed(await bodyOf(request));
  const { method = '', url = '/' } = request;
  const headers = withoutKeys(request.headers);
  const entry: JournalEntry = {
    method,
    path: url,
    headers,
    body,
    status: null,
    aborted: false,
    aborted_ms: null,
    frames: 0,
  };
  response.on('finish', () => (entry.status ??= response.statusCode));
  response.on('close', () => {
    state.gone = true;
    if (response.writableFinished || state.closing) return;
    entry.aborted = true;
    entry.aborted_ms = Date.now() - began;
  });
  const gone = () => state.gone;
  const closing = () => void (state.closing = true);
  return { request, response, url: new URL(url, 'http://localhost'), body, entry, gone, closing };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The rules of the wire say what that means.
    return text;
  }
}

function withoutKeys(headers: IncomingMessage['headers']): JournalEntry['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, KEYS.test(name) ? hidden(value) : value]),
  );
}

const KEYS = /^(authorization|x-api-key|api-key)$/;

const hidden = (value: unknown) => String(value).replace(/\S+$/, (key) => `<${key.length}>`);
