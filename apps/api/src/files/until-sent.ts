import type { ServerResponse } from 'node:http';

/** Of the periods in which a body must bring something: a reader may pause for longer than a sender. */
export const STALL_PERIODS = 2;
const CHECKS = 6;

/**
 * Until all of an answer was sent, or its reader has left. Whoever takes nothing of it for {@link STALL_PERIODS} is disconnected: it
 * holds a connection to the store of files, or a file that is open. Checks are counted and not the time, which also passes while this
 * process stands still.
 */
export function untilSent(response: ServerResponse, periodMs: number): Promise<void> {
  if (response.closed) return Promise.resolve();
  const { socket } = response.req;
  let sent = socket.bytesWritten;
  let unchanged = 0;
  const check = (): void => {
    unchanged = socket.bytesWritten === sent ? unchanged + 1 : 0;
    sent = socket.bytesWritten;
    if (unchanged >= CHECKS) socket.destroy();
  };
  const timer = setInterval(check, (STALL_PERIODS * periodMs) / CHECKS).unref();
  return new Promise((resolve) => {
    response.once('close', () => {
      clearInterval(timer);
      resolve();
    });
  });
}
