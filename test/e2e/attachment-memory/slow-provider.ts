import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request with files whose body the provider does not read yet. */
export interface Unread {
  /** What its prompt asks, where its sender says that. */
  readonly asked: string;
  /** Of the whole body. */
  readonly bytes: number;
  /** Reads the body to its end, and answers. */
  answer(): void;
}

/** More than a prompt without large files. */
const LARGE = 1024 * 1024;

const CHAT_ANSWER = [
  { choices: [{ index: 0, delta: { role: 'assistant', content: 'Seen.' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
].map((chunk) => `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...chunk })}\n\n`);

/** Answers small prompts at once, and reads nothing of a large one until it is told to. */
export async function startSlowProvider() {
  const unread: Unread[] = [];
  let isReading = false;
  const server = http.createServer((request, response) => {
    const isWhole = request.url?.endsWith('/whole') ?? false;
    const answer = (): void => {
      request.resume().on('end', () => {
        if (isWhole) return void response.end('Seen.');
        response.setHeader('content-type', 'text/event-stream');
        response.end(`${CHAT_ANSWER.join('')}data: [DONE]\n\n`);
      });
    };
    const bytes = Number(request.headers['content-length'] ?? 0);
    if (isReading || bytes < LARGE) answer();
    else unread.push({ asked: String(request.headers['x-asked'] ?? ''), bytes, answer });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** In the order in which they came; who answers one takes it out. */
    unread,
    /** Answers those that wait, and from now on every one, or keeps them waiting again. */
    read(everything: boolean) {
      isReading = everything;
      if (everything) for (const one of unread.splice(0)) one.answer();
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
