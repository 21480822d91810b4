import { expect, it } from 'vitest';
import { Inspections } from './inspections.js';

/** Looks that end when they are told to. */
function looks() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const look = (file: string) => async () => {
    begun.push(file);
    await new Promise<void>((resolve) => ends.set(file, resolve));
    if (file.startsWith('bad')) throw new Error(file);
    return file;
  };
  const end = async (file: string): Promise<void> => {
    ends.get(file)?.();
    await new Promise(setImmediate);
  };
  return { begun, look, end };
}

it('requests for one file share one look, and a later one looks again', async () => {
  const { begun, look, end } = looks();
  const inspections = new Inspections<string>();
  const all = Promise.all([1, 2, 3].map(() => inspections.once('ada', 'a', look('a'))));
  await new Promise(setImmediate);
  await end('a');
  expect(await all).toEqual(['a', 'a', 'a']);
  const later = inspections.once('ada', 'a', look('a'));
  await new Promise(setImmediate);
  await end('a');
  expect(await later).toBe('a');
  expect(begun).toEqual(['a', 'a']);
});

it('the files of a user come one after another, those of others at the same time', async () => {
  const { begun, look, end } = looks();
  const inspections = new Inspections<string>();
  const files = [
    ['ada', 'bad'],
    ['ada', 'b'],
    ['ada', 'c'],
    ['grace', 'd'],
  ] as const;
  const all = Promise.allSettled(files.map(([user, file]) => inspections.once(user, file, look(file))));
  await new Promise(setImmediate);
  expect(begun).toEqual(['bad', 'd']);
  await end('bad');
  expect(begun).toEqual(['bad', 'd', 'b']);
  await end('b');
  expect(begun).toEqual(['bad', 'd', 'b', 'c']);
  await end('c');
  await end('d');
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
