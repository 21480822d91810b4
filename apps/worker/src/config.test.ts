import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '#runtime';
import { loadConfig } from './config.js';

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];
const env = { DATABASE_URL: 'postgresql://u:p@db:5432/relay' };

/** What the process's own environment says, and nothing else of it about proxies. */
function withVariables(variables: Readonly<Record<string, string>>): void {
  for (const name of NAMES) vi.stubEnv(name, undefined).stubEnv(name.toLowerCase(), undefined);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

it('the example of docs/configuration.md is a config file', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'relay-config-'));
  const path = join(folder, 'chatkit.config.yaml');
  writeFileSync(path, page.split('```yaml\n')[1]?.split('```')[0] ?? '');
  try {
    expect(loadConfig({ ...env, CHATKIT_CONFIG: path })).toMatchObject({
      file: { doubleTexting: 'enqueue' },
      models: { names: { fast: { model: 'openai/gpt-5.4-mini' } } },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('reads the time that answers have at a shutdown in seconds, and passes it on in milliseconds', () => {
  expect(loadConfig(env).graceMs).toBe(8_000);
  expect(loadConfig({ ...env, SHUTDOWN_GRACE_SECONDS: '2' }).graceMs).toBe(2_000);
});

describe('the proxies of the worker', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('are those of the environment, for each URL', () => {
    withVariables({
      HTTPS_PROXY: 'http://secure:3128',
      http_proxy: 'http://plain:3128',
      NO_PROXY: 'localhost, .internal, api.direct.com, vllm:8000',
    });
    const { proxyOf } = loadConfig(env);
    expect(proxyOf('https://api.openai.com/v1')).toBe('http://secure:3128');
    expect(proxyOf('http://ollama:11434')).toBe('http://plain:3128');
    const direct = ['http://localhost:11434', 'https://llm.internal/v1', 'https://api.direct.com', 'http://vllm:8000'];
    for (const url of direct) expect([url, proxyOf(url)]).toEqual([url, undefined]);
    expect(proxyOf('http://vllm:8001')).toBe('http://plain:3128');
  });

  it('are none where there is no variable', () => {
    withVariables({});
    expect(loadConfig(env).proxyOf('https://api.openai.com/v1')).toBeUndefined();
  });

  it('must be URLs, and their passwords are not repeated', () => {
    const wrong = { HTTPS_PROXY: 'me:secret-word@proxy:3128', all_proxy: 'socks5://proxy:1080' };
    const load = () => loadConfig({ ...env, ...wrong });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow('HTTPS_PROXY: must be the URL of an HTTP proxy, http://host:port');
    expect(load).toThrow('all_proxy: ');
    expect(load).not.toThrow('secret-word');
  });
});
