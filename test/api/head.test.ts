import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { until } from '../support/chat.js';
import { useRelay } from '../support/relay.js';

const relay = useRelay('postgres', { workers: 0 });

it('an answer to HEAD has no body on the wire, nor has a stream', async () => {
  const { hostname, port } = new URL(relay.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  await once(socket, 'connect');
  const request = (method: string, path: string): string =>
    `${method} ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`;
  socket.write(request('HEAD', '/health/trickle'));
  await until('the head has come', 10_000, async () => received.includes('\r\n\r\n'));
  // Longer than the stream lasts that GET would have.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(received.split('\r\n\r\n')).toEqual([expect.stringContaining('HTTP/1.1 200'), '']);
  socket.write(request('GET', '/health/live'));
  await until('the next answer has come', 10_000, async () => received.includes('HTTP/1.1 200 OK', 20));
  socket.destroy();
});
