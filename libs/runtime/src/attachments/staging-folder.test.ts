import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StagingFolder } from './staging-folder.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'staging-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MINUTE = 60_000;
const age = (name: string, minutes: number): void => {
  const at = new Date(Date.now() - minutes * MINUTE);
  utimesSync(join(folder, name), at, at);
};
function left(name: string, minutes: number): void {
  writeFileSync(join(folder, name), 'x');
  age(name, minutes);
}

it('what a process that died has left of uploads is removed within the hour, and nothing else', async () => {
  left('atc_dead.0123456789ab.part', 31);
  left('atc_dead.model.0123456789ab.part', 31);
  left('atc_new.0123456789ab.part', 29);
  left('atc_done', 10_000);
  left('atc_done.preview', 10_000);
  left('no upload.part', 10_000);
  expect(await new StagingFolder(folder).removeAbandoned()).toBe(2);
  const kept = ['atc_done', 'atc_done.preview', 'atc_new.0123456789ab.part', 'no upload.part'];
  expect(readdirSync(folder).toSorted()).toEqual(kept);
  expect(await new StagingFolder(join(folder, 'none')).removeAbandoned()).toBe(0);
});

it('an upload that goes on is not, whatever another process on the same disk removes, until it is discarded', async () => {
  const source = new PassThrough();
  const receiving = new StagingFolder(folder, 5).receive('atc_live', source, 100);
  source.write('a');
  await expect.poll(() => readdirSync(folder)).toHaveLength(1);
  const [name = ''] = readdirSync(folder);
  const isMarked = () => Date.now() - statSync(join(folder, name)).mtimeMs < MINUTE;
  const others = new StagingFolder(folder);

  // A slow line, and then a place in the queue of those that are looked at.
  age(name, 60);
  await expect.poll(isMarked).toBe(true);
  expect(await others.removeAbandoned()).toBe(0);
  source.end('b');
  const received = await receiving;
  age(name, 60);
  await expect.poll(isMarked).toBe(true);
  expect(await others.removeAbandoned()).toBe(0);

  await received.discard();
  expect(readdirSync(folder)).toEqual([]);
});
