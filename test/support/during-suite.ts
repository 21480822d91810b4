import { afterAll, beforeAll } from 'vitest';

/**
 * Starts something before the tests of the suite that calls this, and stops it after them: in a `describe` for its
 * tests, else for the whole file. Vitest's fixtures live for a test, a file or a worker, and a suite per engine is none of
 * these. The hooks run in the order of the calls, and in the reverse order at the end; a stop that fails fails the suite.
 *
 * What comes back stands for the started thing and may be used from the next hook on.
 */
export function duringSuite<T extends object>(start: () => Promise<T>, stop: (started: T) => unknown): T {
  let started: T | undefined;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(async () => {
    if (started) await stop(started);
  });
  return new Proxy({} as T, {
    get(_, name) {
      if (!started) throw new Error(`'${String(name)}' is asked for before the suite has started.`);
      const value: unknown = Reflect.get(started, name);
      return typeof value === 'function' ? value.bind(started) : value;
    },
  });
}
