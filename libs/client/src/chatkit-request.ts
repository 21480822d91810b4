type FetchInput = Parameters<typeof globalThis.fetch>[0];
type FetchInit = NonNullable<Parameters<typeof globalThis.fetch>[1]>;

/** A request of the protocol, as passed to `fetch`. */
export interface ChatKitRequest {
  readonly url: string;
  /** With the body as text, so that it can be sent again; without the signal. */
  readonly init: FetchInit & { readonly headers: Headers };
  readonly signal: AbortSignal | undefined;
  readonly type: string;
  /** The thread that it refers to, if it exists already. */
  readonly threadId: string | undefined;
}

/** The requests that are answered with a stream. */
const STREAMING = new Set([
  'threads.create',
  'threads.add_user_message',
  'threads.add_client_tool_output',
  'threads.add_structured_input',
  'threads.retry_after_item',
  'threads.custom_action',
]);

export const isStreaming = ({ type }: ChatKitRequest): boolean => STREAMING.has(type);

/** Undefined for anything else, such as an upload, which may go to another server: it is passed on as it is. */
export async function readRequest(input: FetchInput, init: FetchInit = {}): Promise<ChatKitRequest | undefined> {
  const request = input instanceof Request ? input : undefined;
  const method = init.method ?? request?.method ?? 'GET';
  if (method.toUpperCase() !== 'POST') return undefined;
  const body = typeof init.body === 'string' ? init.body : init.body ? undefined : await request?.clone().text();
  const parsed = body === undefined ? undefined : parseRequest(body);
  if (!parsed) return undefined;
  const { signal: given, ...rest } = init;
  const kept = request ? { credentials: request.credentials, mode: request.mode } : {};
  return {
    url: request?.url ?? String(input),
    init: { ...kept, ...rest, method, body, headers: new Headers(init.headers ?? request?.headers) },
    signal: given ?? request?.signal,
    ...parsed,
  };
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
