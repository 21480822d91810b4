import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { relaySettings } from '../../../libs/client/src/relay-options.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const guide = read('docs/client.md');
const blocks = [...guide.matchAll(/<!-- (examples\/\S+) -->\n\n```\w+\n(.*?)```/gs)];
const row = (name: string): string => guide.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';

describe('the guide to the fetch shim', () => {
  it('shows every example as it is', () => {
    expect(blocks.map(([, path]) => path)).toEqual(
      readdirSync(new URL('examples/client/', root)).map((name) => `examples/client/${name}`),
    );
    for (const [, path = '', block] of blocks) expect(block).toBe(read(path));
  });

  it('names every option, and what it is unless told', () => {
    const { retry, silenceMs, url } = relaySettings({});
    const { attempts, firstMs, maxMs } = retry;
    expect(row('retry')).toContain(`attempts: ${attempts}, firstMs: ${firstMs}, maxMs: ${maxMs}`);
    expect(row('silenceMs')).toContain(String(silenceMs));
    expect(row('url')).toContain(url);
    const options = [...read('libs/client/src/relay-options.ts').matchAll(/readonly (\w+)\?:/g)].map(
      ([, name]) => name,
    );
    expect(options.length).toBeGreaterThan(5);
    expect(options.filter((name) => row(name ?? '') === '')).toEqual([]);
  });
});
