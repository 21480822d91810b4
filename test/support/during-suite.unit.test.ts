import { beforeAll, describe, expect, it } from 'vitest';
import { duringSuite } from './during-suite.js';

class Server {
  readonly #url = 'http://127.0.0.1';
  readonly workers: string[] = [];
  url(): string {
    return this.#url;
  }
}

const happened: string[] = [];
const server = (name: string) =>
  duringSuite(
    async () => {
      happened.push(`start ${name}`);
      return new Server();
    },
    () => happened.push(`stop ${name}`),
  );

describe('what runs during a suite', () => {
  const first = server('first');
  let url = '';
  beforeAll(() => {
    url = first.url();
  });
  const second = server('second');
  let before: unknown;
  try {
    second.url();
  } catch (error) {
    before = error;
  }

  it('stands for what was started, from the next hook on', () => {
    expect(url).toBe('http://127.0.0.1');
    first.workers.push('one');
    expect(first.workers).toEqual(['one']);
    expect(second.workers).toEqual([]);
  });

  it('cannot be used before', () => {
    expect(String(before)).toContain('before the suite has started');
  });
});

it('is stopped with its suite, in the reverse order', () => {
  expect(happened).toEqual(['start first', 'start second', 'stop second', 'stop first']);
});
