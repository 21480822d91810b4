import { editedThreadId } from './server-routes.js';

type FetchInput = Parameters<typeof globalThis.fetch>[0];
type FetchInit = NonNullable<Parameters<typeof globalThis.fetch>[1]>;

/** A request of the protocol, or the edit of a message, as passed to `fetch`. */
export interface ChatKitRequest {
  readonly url: string;
  /** URL of the protocol endpoint: the routes of runs are below it. */
  readonly endpoint: string;
  /** With the body as text, so that it can be sent again; without the signal. */
  readonly init: FetchInit & { readonly headers: Headers };
  readonly signal: AbortSignal | undefined;
  readonly type: string;
  /** The thread that it refers to, if it exists already. */
  readonly threadId: string | undefined;
}

/** The protocol has no such type: the server has a route for it. */
const EDIT = 'edit';

/** The requests that are answered with a stream. */
const STREAMING = new Set([
  EDIT,
  'threads.create',
  'threads.add_user_message',
  'threads.add_client_tool_output',
  'threads.add_structured_input',
  'threads.retry_after_item',
  'threads.custom_action',
]);

export const isStreaming = ({ type }: ChatKitRequest): boolean => STREAMING.has(type);

/**
 * Undefined for anything else, such as an upload, which may go to another server: it is passed on as it is. `chatUrl`: the
 * protocol endpoint, below which messages are edited.
 */
export async function readRequest(
  chatUrl: string,
  input: FetchInput,
  init: FetchInit = {},
): Promise<ChatKitRequest | undefined> {
  const request = isRequest(input) ? input : undefined;
  const method = init.method ?? request?.method ?? 'GET';
  if (method.toUpperCase() !== 'POST') return undefined;
  const headers = new Headers(init.headers ?? request?.headers);
  const body = await (init.body ? textOf(init.body, headers) : textOfRequest(request, headers));
  if (body === undefined) return undefined;
  const url = request?.url ?? String(input);
  const edited = editedThreadId(chatUrl, url);
  const parsed = edited === undefined ? parseRequest(body) : { type: EDIT, threadId: edited };
  if (!parsed) return undefined;
  const { signal: given, ...rest } = init;
  return {
    url,
    endpoint: edited === undefined ? url : chatUrl,
    init: { ...(request && modesOf(request)), ...rest, method, body, headers },
    signal: given ?? request?.signal,
    ...parsed,
  };
}

/** Not by its class: a frame has one of its own. */
const isRequest = (input: FetchInput): input is Request => typeof input === 'object' && 'clone' in input;

/** What a `Request` says besides its address, headers and body. */
function modesOf(request: Request): FetchInit {
  const { credentials, mode } = request;
  const modes = {
    cache: request.cache,
    integrity: request.integrity,
    keepalive: request.keepalive,
    redirect: request.redirect,
    referrer: request.referrer,
    referrerPolicy: request.referrerPolicy,
    // These are what a request has that says nothing.
    ...(credentials !== 'same-origin' && { credentials }),
    ...(mode !== 'cors' && mode !== 'navigate' && { mode }),
  };
  return modes;
}

const JSON_TYPE = /^application\/([\w.-]+\+)?json\b/i;

async function textOf(body: NonNullable<FetchInit['body']>, headers: Headers): Promise<string | undefined> {
  if (typeof body === 'string') return body;
  const isBytes = body instanceof ArrayBuffer || ArrayBuffer.isView(body) || body instanceof Blob;
  const type = headers.get('content-type') ?? (body instanceof Blob ? body.type : '');
  return isBytes && JSON_TYPE.test(type) ? new Response(body).text() : undefined;
}

/** Of a body that may be JSON: others, which may be large files, are not read. A string has the type of plain text. */
async function textOfRequest(request: Request | undefined, headers: Headers): Promise<string | undefined> {
  const type = headers.get('content-type') ?? '';
  const mayBeJson = type === '' || type.startsWith('text/plain') || JSON_TYPE.test(type);
  return request && !request.bodyUsed && mayBeJson ? request.clone().text() : undefined;
}

function parseRequest(body: string): Pick<ChatKitRequest, 'type' | 'threadId'> | undefined {
  const request = parseJson(body) as { type?: unknown; params?: { thread_id?: unknown } } | null | undefined;
  if (typeof request?.type !== 'string') return undefined;
  const threadId = request.params?.thread_id;
  return { type: request.type, threadId: typeof threadId === 'string' ? threadId : undefined };
}

/** Undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the server reports it
  }
}
