import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { afterAll, expect, it } from 'vitest';
import { loadConfig as loadApi } from '../../apps/api/src/config.js';
import { configFileSchema } from '../../apps/worker/src/config-schema.js';
import { loadConfig as loadWorker } from '../../apps/worker/src/config.js';
import { type Mistake, MISTAKES } from './mistakes.js';

const folders = mkdtempSync(join(tmpdir(), 'config-mistakes-'));
afterAll(() => rmSync(folders, { recursive: true }));

/** What `npm start` tells: the problems of both processes, each once. */
function told({ variables = {}, file = '{}', beside = [] }: Omit<Mistake, 'mistake'>): string[] {
  const folder = mkdtempSync(join(folders, 'one-'));
  const path = join(folder, 'chatkit.config.yaml');
  for (const name of beside) writeFileSync(join(folder, name), '');
  writeFileSync(path, file);
  const env = { DATABASE_URL: 'postgresql://db/x', CHATKIT_CONFIG: path, ...variables };
  const problems = [loadApi, loadWorker].flatMap((load) => {
    try {
      load(env);
      return [];
    } catch (error) {
      return (error as { readonly problems: readonly string[] }).problems;
    }
  });
  return [...new Set(problems)].map((problem) =>
    problem.replace(path, 'chatkit.config.yaml').replace(/^.*\/(?=chatkit\.config\.yaml)/, ''),
  );
}

const HEAD = `# Mistakes of the configuration

What the start says to ${MISTAKES.length} mistakes, each made alone: the environment in the first lines, then the config file. Made by
\`npx vitest run --project unit test/config -u\` from [mistakes.ts](../test/config/mistakes.ts); a test compares it.
`;

it('each mistake gets one message, those of docs/configuration-mistakes.md', async () => {
  const parts = MISTAKES.map((one) => {
    const problems = told(one);
    expect([one.mistake, problems]).toEqual([one.mistake, [expect.any(String)]]);
    const variables = Object.entries(one.variables ?? {}).map(([name, value]) => `${name}=${value}`);
    const made = [
      ...(one.beside ? [`Beside the config file: ${one.beside.map((name) => `\`${name}\``).join(', ')}`] : []),
      ...(variables.length > 0 ? [`\`\`\`sh\n${variables.join('\n')}\n\`\`\``] : []),
      ...(one.file ? [`\`\`\`yaml\n${one.file}\n\`\`\``] : []),
    ];
    return `## ${one.mistake[0]?.toUpperCase()}${one.mistake.slice(1)}\n\n${made.join('\n\n')}\n\n\`\`\`text\n${problems.join('\n')}\n\`\`\`\n`;
  });
  await expect(`${HEAD}\n${parts.join('\n')}`).toMatchFileSnapshot('../../docs/configuration-mistakes.md');
});

it('all of them at once are all told', () => {
  const variables = { PORT: 'eighty', WORKER_CONCURRENCY: '0', AUTH_MOD: 'jwt', OPENAI_BASE_URL: 'nowhere' };
  const file =
    'asistants: []\nmodels: { fast: openai/x, slow: ollma/y }\ndefaults: { model: fsat, assistant: x }\nproviders: [{ kind: opanai }]\nhooks: no-hooks.js\nauth: { module: no-auth.js, mode: module }\n';
  const said = told({ variables, file }).join('\n');
  const parts = [
    'PORT: ',
    'WORKER_CONCURRENCY: ',
    'AUTH_MOD: ',
    'OPENAI_BASE_URL: ',
    'yaml:1: asistants',
    'yaml:2: models.slow',
    'yaml:3: defaults.model',
    'yaml:3: defaults.assistant',
    'yaml:4: providers[0].kind',
    'yaml:5: hooks',
    'yaml:6: auth.module',
  ];
  for (const part of parts) expect(said).toContain(part);
});

it('text after a mistake of YAML is not judged, what stands before it is', () => {
  const said = told({
    file: 'doubleTexting: enque\nmodels: { fast: openai/x\ndefaults: { model: fast }\nplugins: []\n',
  });
  expect(said).toEqual([
    expect.stringContaining('chatkit.config.yaml:1: doubleTexting: must be one of'),
    expect.stringMatching(/^chatkit\.config\.yaml:\d: is not valid YAML: /),
  ]);
});

it('no message repeats a value that may be secret', () => {
  const secret = 'hunter2-hunter2';
  const said = told({
    variables: { ADMIN_TOKEN: `${secret} `, SECRETS_KEY: secret, DATABASE_URL: `mysql://u:${secret}@h/x` },
    file: `providers:\n  - { kind: openai, apiKey: [${secret}], apiKeys: ${secret} }\n`,
  }).join('\n');
  expect(said).toContain('providers[0].apiKey');
  expect(said).not.toContain(secret);
});

it('the JSON schema for editors is current', async () => {
  const schema = { title: 'ChatKit Relay: chatkit.config.yaml', ...configFileSchema() };
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
  await expect(text).toMatchFileSnapshot('../../docs/chatkit.config.schema.json');
});
