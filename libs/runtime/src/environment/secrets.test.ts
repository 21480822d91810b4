import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveSecrets } from './secrets.js';

const AWKWARD = 'p@ss:w/ord#1 %2f?"$';

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  writeFileSync(file('password'), `${AWKWARD}\n`);
  writeFileSync(file('key'), 'sk-from-a-file');
  writeFileSync(file('empty'), '\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('secrets as files', () => {
  it('are read for what the registry calls secret, and for keys of providers, without the last line break', () => {
    const { env, problems } = resolveSecrets({
      ADMIN_TOKEN_FILE: file('password'),
      OPENAI_API_KEY_FILE: file('key'),
      HF_TOKEN_FILE: file('key'),
      S3_SECRET_ACCESS_KEY_FILE: file('key'),
    });
    expect(problems).toEqual([]);
    expect(env).toMatchObject({ ADMIN_TOKEN: AWKWARD, OPENAI_API_KEY: 'sk-from-a-file', HF_TOKEN: 'sk-from-a-file' });
    expect(env).toMatchObject({ S3_SECRET_ACCESS_KEY: 'sk-from-a-file' });
    // Nothing else knows these names: one that begins with AUTH_ would stop the start.
    expect(Object.keys(env).filter((name) => name.endsWith('_FILE'))).toEqual([]);
  });

  it('leave variables of others alone', () => {
    const given = { SSL_CERT_FILE: '/nowhere', LOG_LEVEL_FILE: '/nowhere', AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere' };
    expect(resolveSecrets(given)).toEqual({ env: given, problems: [] });
  });

  it('are refused beside the variable itself, when they cannot be read, and when they are empty', () => {
    const given = {
      ADMIN_TOKEN: 'x',
      ADMIN_TOKEN_FILE: file('key'),
      SECRETS_KEY_FILE: file('none'),
      AUTH_JWT_SECRET_FILE: file('empty'),
    };
    expect(resolveSecrets(given).problems).toEqual([
      'ADMIN_TOKEN_FILE: is set, and so is ADMIN_TOKEN: remove one of them',
      `SECRETS_KEY_FILE: ${file('none')} cannot be read (ENOENT)`,
      `AUTH_JWT_SECRET_FILE: ${file('empty')} is empty`,
    ]);
  });

  it('are refused for what a library reads by itself, which would not see the value', () => {
    const { env, problems } = resolveSecrets({
      HTTPS_PROXY_FILE: file('key'),
      OTEL_EXPORTER_OTLP_HEADERS_FILE: file('key'),
    });
    expect(env).toEqual({});
    expect(problems).toEqual([
      'HTTPS_PROXY_FILE: is not read, because a library reads HTTPS_PROXY itself: set HTTPS_PROXY to the value',
      'OTEL_EXPORTER_OTLP_HEADERS_FILE: is not read, because a library reads OTEL_EXPORTER_OTLP_HEADERS itself: set OTEL_EXPORTER_OTLP_HEADERS to the value',
    ]);
  });

  it('an empty name of a file, or an empty variable beside it, counts as not set', () => {
    const { env, problems } = resolveSecrets({ ADMIN_TOKEN_FILE: '', SECRETS_KEY: '', SECRETS_KEY_FILE: file('key') });
    expect({ problems, key: env['SECRETS_KEY'] }).toEqual({ problems: [], key: 'sk-from-a-file' });
  });
});

describe('a password apart from its URL', () => {
  it('may have any characters', () => {
    const { env, problems } = resolveSecrets({
      DATABASE_URL: 'postgresql://chatkit@postgres:5432/chatkit?schema=a',
      DATABASE_PASSWORD_FILE: file('password'),
      REDIS_URL: 'redis://redis:6379/1',
      REDIS_PASSWORD: AWKWARD,
    });
    expect(problems).toEqual([]);
    for (const name of ['DATABASE_URL', 'REDIS_URL']) {
      expect(decodeURIComponent(new URL(env[name] ?? '').password)).toBe(AWKWARD);
    }
    const encoded = encodeURIComponent(AWKWARD);
    expect(env['DATABASE_URL']).toBe(`postgresql://chatkit:${encoded}@postgres:5432/chatkit?schema=a`);
    expect(env['REDIS_URL']).toBe(`redis://:${encoded}@redis:6379/1`);
  });

  it('is refused where the URL has one, and leaves that of the direct address', () => {
    const url = 'postgresql://u:own@h/db';
    const both = resolveSecrets({ DATABASE_URL: url, DATABASE_PASSWORD: 'x' });
    expect(both.problems).toEqual([
      'DATABASE_PASSWORD: is set, and DATABASE_URL has a password, too: remove one of them',
    ]);
    const direct = resolveSecrets({
      DATABASE_URL: 'postgresql://u@pooler/db',
      DATABASE_DIRECT_URL: url,
      DATABASE_PASSWORD: 'x',
    });
    expect(direct).toMatchObject({
      problems: [],
      env: { DATABASE_URL: 'postgresql://u:x@pooler/db', DATABASE_DIRECT_URL: url },
    });
  });
});
