import { bodyOf, type SendFile } from '../../web/src/protocol/send-file.js';

/** `fetch` does not tell how much has been sent. The server's own routes get the credentials, an object store does not. */
export const sendByFetch =
  (chatUrl: string, credentials: Readonly<Record<string, string>>): SendFile =>
  async (target, file, { signal, onProgress }) => {
    const { method, headers } = target;
    const url = new URL(target.url, chatUrl);
    const isOwn = url.origin === new URL(chatUrl).origin;
    const response = await fetch(url, {
      method,
      headers: { ...(isOwn && credentials), ...headers },
      // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- PUT or POST
      body: bodyOf(target, file),
      signal,
    }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
    onProgress(1);
    if (!response) return { status: 0, body: undefined };
    const body: unknown = await response.json().catch(() => undefined);
    return { status: response.status, body };
  };
