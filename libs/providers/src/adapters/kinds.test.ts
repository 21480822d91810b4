import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Kind } from './kind.js';
import { nameOf } from './kind.js';
import { KINDS, kindOf } from './kinds.js';
import { ProviderConfig } from '../provider-config.js';
import { PRESETS } from './presets/presets.js';

const kinds: readonly Kind[] = KINDS;
const names = kinds.map(nameOf);

describe('the list of kinds', () => {
  it('has every folder with a kind in it', () => {
    const files = readdirSync(new URL('.', import.meta.url), { recursive: true }).map(String);
    const folders = files.filter((path) => path.endsWith('/kind.ts'));
    // The folder of the presets is one kind for each of them.
    expect(names).toHaveLength(folders.length - 1 + PRESETS.length);
  });

  it('has no name twice, and finds each kind by its own', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(names.map((kind) => kindOf({ kind }))).toEqual(kinds);
    expect(() => kindOf({ kind: 'nobody' })).toThrow('no kind of provider is called nobody');
  });

  it('is what the configuration accepts', () => {
    const { error } = ProviderConfig.safeParse({ kind: 'nobody' });
    expect(error?.issues[0]?.message).toBe(`must be one of ${names.join(', ')}; or leave it out and name a module`);
  });

  it('ends in demo, which answers only when nobody else can', () => {
    expect(names.at(-1)).toBe('demo');
  });
});

describe.each(kinds.flatMap((kind) => (kind.variables ? [{ name: nameOf(kind), ...kind.variables, kind }] : [])))(
  'the variables of $name',
  ({ names: variables, enabledBy, kind }) => {
    it('fill fields of its entry', () => {
      expect(Object.keys(kind.config.shape)).toEqual(expect.arrayContaining(Object.keys(variables)));
      expect(enabledBy.length).toBeGreaterThan(0);
      expect(Object.keys(variables)).toEqual(expect.arrayContaining([...enabledBy]));
    });

    it('are its own', () => {
      const all = kinds.flatMap((one) => Object.values(one.variables?.names ?? {}));
      for (const name of Object.values(variables)) expect(all.filter((one) => one === name)).toHaveLength(1);
    });
  },
);
