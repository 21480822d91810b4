/** A refusal of the server, in its words. */
export class AdminError extends Error {
  override readonly name = 'AdminError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Asked {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks the server that this page came from, whose answers have the types of `types.ts`. Throws {@link AdminError}. */
export async function ask<T>(path: string, { method = 'GET', body, headers, signal }: Asked = {}): Promise<T> {
  const response = await fetch(`/admin/api/${path}`, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new AdminError(0, 'The server cannot be reached.');
  });
  const text = await response.text();
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
  throw new AdminError(response.status, messageOf(text) ?? `The server answered ${response.status}.`);
}

export const post = <T>(path: string, body: object = {}): Promise<T> => ask<T>(path, { method: 'POST', body });

/** What is said of an error. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}
