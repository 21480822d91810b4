import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../environment/parse-environment.js';
import { runLimits } from '../runs/limits.js';
import { ConfigFile, loadConfigFile } from './config-file.js';

/** The example of a page that begins with these words. */
function example(page: string, begins: string): string {
  const text = readFileSync(new URL(`../../../../docs/${page}`, import.meta.url), 'utf8');
  return (
    text
      .split('```yaml\n')
      .find((block) => block.startsWith(begins))
      ?.split('```')[0] ?? ''
  );
}

it('docs/configuration.md has every key of the config file', () => {
  const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
  const own = page.split('\n## The config file')[1]?.split('\n### All settings')[0] ?? '';
  const keys = [...own.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
  expect(keys.toSorted()).toEqual(Object.keys(ConfigFile.shape).toSorted());
});

describe('the config file', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'relay-config-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const load = (text: string, env: Record<string, string> = {}) => {
    const path = join(folder, 'chatkit.config.yaml');
    writeFileSync(path, text);
    return loadConfigFile({ ...env, CHATKIT_CONFIG: path });
  };

  const problemsOf = (text: string, env?: Record<string, string>): readonly string[] => {
    try {
      load(text, env);
    } catch (error) {
      if (error instanceof ConfigError)
        return error.problems.map((problem) => problem.replace(/^.*\.yaml(:\d+)?: /, ''));
      throw error;
    }
    return [];
  };

  it('has only defaults when it is empty', () => {
    expect(load('')).toMatchObject({ providers: [], models: {}, assistants: [], titles: { fromMessage: false } });
  });

  it('is read as YAML or JSON, and modules are resolved relative to it', () => {
    expect(load('assistants:\n  - id: support\n    module: ./support.js\n').assistants).toEqual([
      { id: 'support', module: join(folder, 'support.js') },
    ]);
    expect(load('{"titles": false, "models": {"fast": "openai/small"}}')).toMatchObject({
      titles: false,
      models: { fast: 'openai/small' },
    });
  });

  it('takes environment variables, with defaults', () => {
    const text =
      'providers:\n  - kind: openai\n    apiKey: ${KEY}\n    baseUrl: ${URL:-}\n    name: "${NAME:-Nobody}!"\n';
    expect(load(text, { KEY: 'k' }).providers).toEqual([{ kind: 'openai', apiKey: 'k', name: 'Nobody!' }]);
    expect(load(text, { KEY: 'k', URL: 'http://x', NAME: 'Ada' }).providers).toEqual([
      { kind: 'openai', apiKey: 'k', baseUrl: 'http://x', name: 'Ada!' },
    ]);
  });

  it.each([
    ['a variable that is not set', 'defaults:\n  model: ${NOT_SET}', 'the variable NOT_SET'],
    ['an unknown key', 'asistants: []', 'asistants'],
    ['an id twice', 'assistants: [{id: a}, {id: a}]', 'the id "a" is used twice'],
    ['an unknown default assistant', 'defaults: {assistant: b}', 'there is no assistant "b"'],
    ['none beside another mode of authentication', 'auth: {mode: [none, jwt]}', 'auth.mode: none lets everybody in'],
    ['text that is no YAML', 'a: [', 'is not valid YAML'],
    ['a star without quotes', 'titles: false\ndefaults: { model: *fast }', 'is not valid YAML: *fast refers to'],
    ['two documents', 'titles: false\n---\ntitles: true', 'a second document begins here'],
  ])('says what is wrong: %s', (_, text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected);
  });

  it('has the limits that the documentation states, and none per user when auth is none', () => {
    const documented = load(example('deploy.md', 'limits:')).limits;
    expect(runLimits(load('').limits, true)).toEqual(runLimits(documented, true));
    expect(runLimits(documented, true)).toEqual({
      queuedRuns: { global: 10_000, perTenant: null, perUser: 100 },
      activeRuns: { perTenant: null, perUser: 10 },
      maxQueueMs: 600_000,
    });
    const { queuedRuns, activeRuns } = runLimits(load('').limits, false);
    expect([queuedRuns.perUser, activeRuns.perUser]).toEqual([null, null]);
    expect(runLimits(load('limits: {activeRuns: {perUser: 3}}').limits, false).activeRuns.perUser).toBe(3);
    expect(problemsOf('limits: {activeRuns: {perUser: 0}}').join()).toContain('limits.activeRuns.perUser');
  });

  it('sets the double-texting policy of each assistant', () => {
    const { doubleTexting, assistants } = load(example('assistants.md', 'doubleTexting:'));
    expect([doubleTexting, ...assistants.map((assistant) => assistant.doubleTexting)]).toEqual([
      'interrupt',
      undefined,
      'enqueue',
    ]);
    expect(load('').doubleTexting).toBe('enqueue');
    expect(problemsOf('doubleTexting: maybe').join()).toContain('doubleTexting');
  });

  it('reports the name of a file that does not exist', () => {
    expect(() => loadConfigFile({ CHATKIT_CONFIG: join(folder, 'gone.yaml') })).toThrow(/gone\.yaml: cannot be read/);
  });
});
