import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import {
  createProviders,
  modelSettingsOf,
  type ProviderConfigInput,
  ProviderError,
  type ProviderErrorCode,
  providersOf,
} from '#providers';
import { type Kind, nameOf } from '../../../libs/providers/src/adapters/kind.js';
import { KINDS } from '../../../libs/providers/src/adapters/kinds.js';
import type { Preset } from '../../../libs/providers/src/adapters/presets/preset.js';
import { PRESETS } from '../../../libs/providers/src/adapters/presets/presets.js';
import { SOURCES } from '../../../libs/providers/src/environment.js';
import { Limits, POLICY_DEFAULTS } from '../../../libs/providers/src/spec/policy-config.js';
import { RETRYABLE } from '../../../libs/providers/src/spec/provider-error.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const pages = readdirSync(new URL('docs/providers/', root)).map((name) => read(`docs/providers/${name}`));
/** All pages of the guide. */
const guide = pages.join('\n');

/** The files that the guide shows: the one that the comment names, and the block below it. */
const blocks = [...guide.matchAll(/<!-- (examples\/\S+) -->\n\n```\w+\n(.*?)```/gs)].map(
  ([, path = '', block = '']) => ({
    path,
    block,
  }),
);

/** The cells of the table below this comment, without its head. */
function tableOf(name: string): string[][] {
  const [, table = ''] = guide.split(`<!-- table: ${name} -->\n\n`);
  const lines = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Fields without which an entry of this kind is wrong. */
const REQUIRED: Readonly<Record<string, object>> = {
  'azure-openai': { endpoint: 'https://x' },
  bedrock: { region: 'us-east-1', apiKey: 'k' },
  vertex: { projectId: 'p', region: 'global', accessToken: 't' },
};

const code = (text: string) => `\`${text}\``;

describe('the guide to providers', () => {
  it('shows every example once', () => {
    const files = readdirSync(new URL('examples/providers/', root), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(fileURLToPath(root), join(parentPath, name)));
    expect(blocks.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
  });

  it.each(blocks)('shows $path as it is', ({ path, block }) => {
    expect(block).toBe(read(path));
  });

  it.each(blocks.filter(({ path }) => path.endsWith('.yaml')))(
    'shows a config file that is right: $path',
    ({ path }) => {
      const { providers, ...file } = parse(read(path)) as { providers: Record<string, unknown>[] };
      const { configs, problems, issues } = providersOf(providers, {});
      const { issues: more } = modelSettingsOf({ models: {}, deadlines: {}, ...file }, configs);
      expect([...problems, ...issues, ...more]).toEqual([]);
    },
  );

  it('lists every provider that the environment can enable, in the order in which they answer', () => {
    const rows = SOURCES.map(({ kind, names: variables, enabledBy }) => {
      const config = { kind, ...REQUIRED[kind] } as ProviderConfigInput;
      const [provider] = createProviders([config]);
      const { defaultModel, capabilities, keyConfig } = provider!;
      expect([...capabilities]).toEqual(expect.arrayContaining(['chat', 'generate', 'stream']));
      const names = Object.entries(variables).map(([field, name]) =>
        enabledBy.includes(field) ? `**${code(name)}**` : code(name),
      );
      const more = [...capabilities].filter((one) => !['chat', 'generate', 'stream'].includes(one));
      return [code(kind), names.join(', '), code(defaultModel), more.toSorted().join(', '), keyConfig.where];
    });
    expect(tableOf('providers')).toEqual(rows);
  });

  it('names the kinds that only the config file can enable, in the order of the list', () => {
    const [, sentence = ''] = read('docs/providers/README.md').split(
      'These kinds are available in the config file only:',
    );
    const named = [...sentence.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
    const kinds: readonly Kind[] = KINDS;
    const expected = kinds.filter((kind) => !kind.variables && nameOf(kind) !== 'demo').map(nameOf);
    expect(named.filter((name) => expected.includes(name ?? ''))).toEqual(expected);
  });

  it('names the servers that people run themselves', () => {
    const text = read('docs/providers/policies.md').replaceAll(/\s+/g, ' ');
    const [, list = ''] = /The column "own server" applies to (.*?), and every base URL/.exec(text) ?? [];
    const presets = PRESETS.filter((preset: Preset) => preset.isOwnServer).map(({ name }) => name);
    expect(list.split(', ').toSorted()).toEqual(['Ollama', ...presets, 'text-generation-inference'].toSorted());
  });

  it('states the default of every policy in one table', () => {
    const { localDeadlines, ...defaults } = POLICY_DEFAULTS;
    const own = (group: string, field: string): string =>
      group === 'deadlines' ? code(String(localDeadlines[field as keyof typeof localDeadlines])) : '';
    const unlimited = Object.keys(Limits.shape)
      .filter((field) => !Object.hasOwn(defaults.limits, field))
      .map((field) => [code(`limits.${field}`), 'unlimited', '']);
    const stated = Object.entries(defaults).flatMap(([group, value]) =>
      typeof value === 'string'
        ? [[code(group), code(value), '']]
        : Object.entries(value).map(([field, one]) => [
            code(`${group}.${field}`),
            code(String(one)),
            own(group, field),
          ]),
    );
    expect(tableOf('policies').map((row) => row.slice(0, 3))).toEqual([...unlimited, ...stated]);
  });

  it('has a hint for every error, beside the page that explains it', () => {
    expect(tableOf('errors').map(([name]) => name)).toEqual(Object.keys(RETRYABLE).map(code));
    expect(tableOf('errors').filter(([, hint]) => !hint)).toEqual([]);
  });

  it.each(Object.keys(RETRYABLE) as ProviderErrorCode[])('says truly whether %s may succeed later', (one) => {
    const { retryable } = new ProviderError(one, { ref: { provider: 'x' }, detail: '' });
    const row = read('docs/errors.md')
      .split('\n')
      .find((line) => line.startsWith(`| ${code(`provider.${one}`)}`));
    expect(row?.split('|').at(-2)?.trim()).toBe(retryable ? 'yes' : 'no');
  });
});
