import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assistantSourcesState } from './assistant-sources.js';

describe('what npm run dev looks at beside our own sources', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'relay-watch-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const state = (env: NodeJS.ProcessEnv = {}): string => assistantSourcesState(env, folder);

  it('is the config file, also when it appears or cannot be read', () => {
    const none = state();
    put('chatkit.config.yaml', 'assistants: [');
    expect(state()).not.toBe(none);
  });

  it.each([
    ['assistants', 'assistants: [{ id: a, module: ./modules/a.js }]'],
    ['providers', 'providers: [{ id: a, module: ./modules/a.js }]'],
    ['authentication', 'auth: { mode: module, module: ./modules/a.js }'],
    ['hooks', 'hooks: ./modules/a.js'],
  ])('is everything beside a module of %s, and nothing that it only depends on', (_, config) => {
    put('conf/other.yaml', config);
    put('conf/modules/a.js', '1');
    const env = { CHATKIT_CONFIG: 'conf/other.yaml' };
    const first = state(env);
    put('conf/modules/node_modules/x/index.js', '1');
    put('conf/modules/notes.txt', '1');
    expect(state(env)).toBe(first);
    put('conf/modules/lib/b.mjs', '1');
    const second = state(env);
    expect(second).not.toBe(first);
    put('conf/modules/a.js', '22');
    expect(state(env)).not.toBe(second);
  });

  it.each(['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'json', 'widget'])(
    'is a file of type .%s beside a module',
    (type) => {
      put('chatkit.config.yaml', 'assistants: [{ id: a, module: ./a.ts }]');
      const before = state();
      put(`b.${type}`, '1');
      expect(state()).not.toBe(before);
    },
  );
});
