/** How often the system is asked who the parent is. */
const LOOK_EVERY_MS = 500;

/**
 * A thread that ends this process when its parent is gone. The event loop of the process cannot: what reads a file may hold it up for good,
 * or leave native threads behind that an orderly exit waits for.
 */
const [, , parent] = process.argv;
setInterval(() => {
  if (process.ppid !== Number(parent)) process.kill(process.pid, 'SIGKILL');
}, LOOK_EVERY_MS);
