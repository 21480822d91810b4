import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '#runtime';
import { loadConfig } from './config.js';

const folder = mkdtempSync(join(tmpdir(), 'start-checks-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Variables = Readonly<Record<string, string>>;

function load(env: Variables, file = '{}') {
  const path = join(folder, 'chatkit.config.yaml');
  writeFileSync(path, file);
  return loadConfig({ DATABASE_URL: 'postgresql://db/x', CHATKIT_CONFIG: path, ...env });
}

/** What stops the start; nothing if it does not stop. */
function problemsOf(env: Variables, file?: string): readonly string[] {
  try {
    load(env, file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const HEADER = { AUTH_MODE: 'trustedHeader', AUTH_USER_HEADER: 'X-User' };
const JWT = { AUTH_MODE: 'jwt', AUTH_JWT_SECRET: 'a-secret-of-at-least-thirty-two-bytes' };
const ANYWHERE = { HOST: '0.0.0.0' };
const FILE_CLOSED = 'auth: { mode: trustedHeader, userHeader: X-User }';

describe('the API starts', () => {
  it.each<[string, Variables, string?]>([
    ['with nothing set', {}],
    ['with nothing but empty settings', { AUTH_MODE: '', AUTH_USER_HEADER: '', PUBLISH: '', CORS_ORIGINS: '' }],
    ['open on loopback', { AUTH_MODE: 'none', HOST: '127.0.0.1' }],
    [
      'with metrics on the same port of another address',
      { HOST: '127.0.0.1', METRICS_HOST: '127.0.0.2', METRICS_PORT: '8000' },
    ],
    ['open on the loopback of IPv6', { HOST: '::1' }],
    ['open on an IPv4 loopback written as IPv6', { HOST: '::ffff:127.0.0.1' }],
    ['open on localhost', { HOST: 'localhost' }],
    ['open everywhere, on purpose', { ...ANYWHERE, AUTH_ALLOW_OPEN: 'true' }],
    ['open in a container that is published on loopback', { ...ANYWHERE, PUBLISH: '127.0.0.1:8000' }],
    ['open in a container that is published on the loopback of IPv6', { HOST: '::', PUBLISH: '[::1]:8000' }],
    ['open where the proxy is published on loopback', { PROXY_PUBLISH: '127.0.0.1:8443' }],
    ['open under a name of this machine', { PUBLIC_URL: 'https://localhost:8443/relay' }],
    ['open under an address of this machine', { PUBLIC_URL: 'http://[::1]:8000' }],
    ['open under a public address, on purpose', { PUBLIC_URL: 'https://chat.example.com', AUTH_ALLOW_OPEN: 'true' }],
    ['with users under a public address', { ...JWT, PUBLIC_URL: 'https://chat.example.com', PROXY_PUBLISH: '443' }],
    ['with networks of proxies', { ...ANYWHERE, ...HEADER, AUTH_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8,2001:db8::/32' }],
    ['with users everywhere', { ...ANYWHERE, ...HEADER }],
    ['with users in a container that is published everywhere', { ...ANYWHERE, ...JWT, PUBLISH: '8000' }],
    ['with users by the file everywhere', ANYWHERE, FILE_CLOSED],
    ['with users by the file, whose empty variable says nothing', { ...ANYWHERE, AUTH_MODE: '' }, FILE_CLOSED],
    ['with another way in than the file has', JWT, FILE_CLOSED],
    ['with users although the file says none', { ...ANYWHERE, ...HEADER }, 'auth: { mode: none }'],
    ['with settings of other modes in the file', JWT, 'auth: { userHeader: X-User }'],
    ['with all origins for tokens', { ...JWT, CORS_ORIGINS: '*' }],
    ['with what Kubernetes sets for a service named auth', { AUTH_SERVICE_HOST: '10.0.0.1', AUTH_PORT_80_TCP: 'tcp' }],
    ['with what is another program’s', { OAUTH_ISSUER: 'https://a.example', PATH_MODE: 'x', AUTHOR: 'Ada' }],
  ])('%s', (_, env, file) => expect(problemsOf(env, file)).toEqual([]));
});

const OPEN = 'AUTH_MODE: is none, so that everybody is the same user and reads every conversation, and ';
const NO_MODE = 'has no effect without AUTH_MODE, and everybody would be let in: set ';

describe('the API does not start', () => {
  it.each<[string, Variables, readonly string[], string?]>([
    ['open on all addresses', ANYWHERE, [`${OPEN}HOST=0.0.0.0 lets other machines in`]],
    ['open on all addresses, by name', { AUTH_MODE: 'none', HOST: '0.0.0.0' }, [`${OPEN}HOST=0.0.0.0`]],
    ['open on all addresses of IPv6', { HOST: '::' }, [`${OPEN}HOST=:: lets`]],
    ['open on all addresses of IPv6, written out', { HOST: '0:0:0:0:0:0:0:0' }, [OPEN]],
    ['open on all addresses of IPv4, written as IPv6', { HOST: '::ffff:0.0.0.0' }, [OPEN]],
    ['open on an address of the network', { HOST: '192.168.1.5' }, [`${OPEN}HOST=192.168.1.5`]],
    ['open on an address of the network, as IPv6', { HOST: '::ffff:192.168.1.5' }, [OPEN]],
    ['open on a host name', { HOST: 'my-laptop' }, [`${OPEN}HOST=my-laptop`]],
    ['open on a name that only begins like loopback', { HOST: '127.0.0.1.example.com' }, [OPEN]],
    ['open by the file', ANYWHERE, [OPEN], 'auth: { mode: none }'],
    ['open where AUTH_ALLOW_OPEN says no', { ...ANYWHERE, AUTH_ALLOW_OPEN: 'false' }, [OPEN]],
    ['open where it is published everywhere', { ...ANYWHERE, PUBLISH: '8000' }, [`${OPEN}PUBLISH=8000`]],
    ['open where it is published on 0.0.0.0', { ...ANYWHERE, PUBLISH: '0.0.0.0:80' }, [`${OPEN}PUBLISH=0.0.0.0:80`]],
    ['open where it is published on the network', { ...ANYWHERE, PUBLISH: '10.0.0.5:80' }, [`${OPEN}PUBLISH=10`]],
    [
      'open behind a proxy that is published everywhere',
      { ...ANYWHERE, PUBLISH: '127.0.0.1:8000', PROXY_PUBLISH: '443' },
      [`${OPEN}PROXY_PUBLISH=443 lets`],
    ],
    [
      'open on loopback, under a public address',
      { PUBLIC_URL: 'https://chat.example.com' },
      [`${OPEN}PUBLIC_URL=https://chat.example.com lets`],
    ],
    [
      'open in several ways',
      { ...ANYWHERE, PROXY_PUBLISH: '0.0.0.0:443', PUBLIC_URL: 'https://chat.example.com' },
      [`${OPEN}HOST=0.0.0.0 and PROXY_PUBLISH=0.0.0.0:443 and PUBLIC_URL=https://chat.example.com let other`],
    ],
    ['open on an address that PUBLISH does not speak of', { HOST: '10.0.0.5', PUBLISH: '127.0.0.1:80' }, [OPEN]],
    [
      'open, as AUTH_ALLOW_OPEN is none of yes, on and 1',
      { ...ANYWHERE, AUTH_ALLOW_OPEN: '1' },
      ['AUTH_ALLOW_OPEN: must be true or false', OPEN],
    ],
    ['with an address in PUBLISH without a port', { ...ANYWHERE, PUBLISH: '127.0.0.1' }, ['PUBLISH: must be', OPEN]],
    ['open where users are asked for', { AUTH_MODE: 'jwt,none' }, ['AUTH_MODE: none lets everybody in, so']],
    ['with a mode that does not exist', { AUTH_MODE: 'nonee' }, ['AUTH_MODE: must be one or several of']],
    ['with AUTH_ALLOW_OPEN for users', { ...JWT, AUTH_ALLOW_OPEN: 'true' }, ['AUTH_ALLOW_OPEN: is for AUTH_MODE=none']],
    [
      'with a header and proxies and no mode',
      { AUTH_USER_HEADER: 'X-User', AUTH_TRUSTED_PROXIES: '10.0.0.0/8' },
      [
        `AUTH_USER_HEADER: ${NO_MODE}AUTH_MODE=trustedHeader, or remove it`,
        `AUTH_TRUSTED_PROXIES: ${NO_MODE}AUTH_MODE=trustedHeader, or remove it`,
      ],
    ],
    [
      'where everybody may say who they are',
      { ...ANYWHERE, ...HEADER, AUTH_TRUSTED_PROXIES: '10.0.0.0/8, 0.0.0.0/0, ::/0' },
      ['AUTH_TRUSTED_PROXIES: 0.0.0.0/0 holds more', 'AUTH_TRUSTED_PROXIES: ::/0 holds more'],
    ],
    [
      'where everybody may say who they are, by halves',
      { ...ANYWHERE, ...HEADER, AUTH_TRUSTED_PROXIES: '0.0.0.0/1,128.0.0.0/1' },
      ['AUTH_TRUSTED_PROXIES: 0.0.0.0/1 holds more', 'AUTH_TRUSTED_PROXIES: 128.0.0.0/1 holds more'],
    ],
    [
      'with keys of tokens and no mode',
      { AUTH_JWKS_URL: 'https://id.example/keys', AUTH_ISSUER: 'https://id.example', AUTH_AUDIENCE: 'relay' },
      [`AUTH_JWKS_URL: ${NO_MODE}AUTH_MODE=jwt`, `AUTH_ISSUER: ${NO_MODE}`, `AUTH_AUDIENCE: ${NO_MODE}`],
    ],
    [
      'with a secret of tokens and the mode none',
      { AUTH_MODE: 'none', AUTH_JWT_SECRET: 'x'.repeat(32) },
      ['AUTH_JWT_SECRET: contradicts AUTH_MODE=none, which lets everybody in: set AUTH_MODE=jwt, or remove it'],
    ],
    [
      'with a secret of tokens and the mode none of the file',
      { AUTH_JWT_SECRET: 'x'.repeat(32) },
      ['AUTH_JWT_SECRET: contradicts auth.mode: none of the config file'],
      'auth: { mode: none }',
    ],
    [
      'with a header beside tokens',
      { ...JWT, AUTH_USER_HEADER: 'X-User' },
      ['AUTH_USER_HEADER: has no effect with AUTH_MODE=jwt: set AUTH_MODE=jwt,trustedHeader, or remove it'],
    ],
    ['with a header in the file and no mode', {}, [`auth.userHeader: ${NO_MODE}`], 'auth: { userHeader: X-User }'],
    [
      'with keys in the file and no mode',
      {},
      [`auth.jwt.jwksUrl: ${NO_MODE}AUTH_MODE=jwt`],
      'auth: { jwt: { jwksUrl: "https://id.example/keys" } }',
    ],
    [
      'with none where the file asks for users',
      { AUTH_MODE: 'none' },
      [
        'AUTH_MODE: is none, which lets everybody in, but auth.mode of the config file asks for trustedHeader: remove',
        'auth.userHeader: contradicts AUTH_MODE=none',
      ],
      FILE_CLOSED,
    ],
    ['with none where the file asks for keys', { AUTH_MODE: 'none' }, ['asks for apiKey'], 'auth: { mode: apiKey }'],
    ['with a name that has a slip', { AUTH_MOD: 'jwt' }, ['AUTH_MOD: there is no such setting; AUTH_MODE is meant']],
    ['with a name in lower case', { auth_mode: 'jwt' }, ['auth_mode: there is no such setting; AUTH_MODE is meant']],
    ['with a name without separators', { AUTHMODE: 'jwt' }, ['AUTHMODE: there is no such setting; AUTH_MODE is']],
    ['with letters of a name swapped', { AUHT_MODE: 'jwt' }, ['AUHT_MODE: there is no such setting; AUTH_MODE is']],
    ['with a plural', { ...JWT, AUTH_ISSUERS: 'a' }, ['AUTH_ISSUERS: there is no such setting; AUTH_ISSUER is']],
    [
      'with a variable for the module',
      { AUTH_MODE: 'module', AUTH_MODULE: './auth.mjs' },
      ['auth.module of the config file names', 'auth.module: is required'],
    ],
    ['with an invented name', { AUTH_PASSWORD_HASH: 'x' }, ['AUTH_PASSWORD_HASH: there is no such setting; those of']],
    ['with a mode that lacks its setting', { AUTH_MODE: 'trustedHeader' }, ['AUTH_USER_HEADER: is required']],
    [
      'with origins that are none',
      { CORS_ORIGINS: 'app.example.com,https://a.example/path,https://*.example,null,https://ok.example' },
      [
        'CORS_ORIGINS: "app.example.com" is not an origin',
        'CORS_ORIGINS: "https://a.example/path" is not an origin',
        'CORS_ORIGINS: "https://*.example" cannot be matched: name each origin',
        'CORS_ORIGINS: "null" is the origin of everybody',
      ],
    ],
    ['with all origins for one user', { CORS_ORIGINS: '*' }, ['CORS_ORIGINS: "*" would let every page']],
    ['with all origins for a proxy', { ...HEADER, CORS_ORIGINS: '*' }, ['because trustedHeader asks for no token']],
    [
      'with all origins and one',
      { ...JWT, CORS_ORIGINS: '*,https://a.example' },
      ['CORS_ORIGINS: "*" is every origin'],
    ],
    [
      'with hosts that are none',
      { ALLOWED_HOSTS: 'https://a.example, *, a.example/x, ok.example' },
      [
        'ALLOWED_HOSTS: "https://a.example" is not a host',
        'ALLOWED_HOSTS: "*" would let every name through',
        'ALLOWED_HOSTS: "a.example/x" is not a host',
      ],
    ],
  ])('%s', (_, env, expected, file) => {
    const problems = problemsOf(env, file);
    expect(problems).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(problems[index]).toContain(text);
  });

  it('with several of these at once, and says all of them', () => {
    const env = {
      ...ANYWHERE,
      PORT: 'eighty',
      AUTH_MODE: 'none',
      AUTH_MODUS: 'jwt',
      AUTH_USER_HEADER: 'X-User',
      CORS_ORIGINS: 'null',
      ALLOWED_HOSTS: '*',
    };
    const said = problemsOf(env, FILE_CLOSED).join('\n');
    const undercut = 'auth.mode of the config file asks for trustedHeader';
    const header = 'AUTH_USER_HEADER: contradicts';
    for (const part of ['PORT:', undercut, 'AUTH_MODUS:', header, 'CORS_ORIGINS:', 'ALLOWED_HOSTS:', OPEN]) {
      expect(said).toContain(part);
    }
  });

  it('says what to set in each way out', () => {
    const [said = ''] = problemsOf(ANYWHERE);
    for (const way of ['Set AUTH_MODE to', 'HOST=127.0.0.1', 'AUTH_ALLOW_OPEN=true', 'PUBLISH=127.0.0.1:8000']) {
      expect(said).toContain(way);
    }
  });
});

describe('what the API takes from its settings', () => {
  it('has origins as browsers write them, each once', () => {
    const { corsOrigins } = load({
      CORS_ORIGINS: 'HTTPS://App.Example.com:443/, https://app.example.com, http://[::1]:5173',
    });
    expect(corsOrigins).toEqual(['https://app.example.com', 'http://[::1]:5173']);
  });

  it('answers to the names that it was given', () => {
    const env = { HOST: '192.168.1.5', PUBLIC_URL: 'https://Chat.Example.com:8443/relay', ALLOWED_HOSTS: '*.lan' };
    const { allowedHosts, openAt } = load({ ...env, AUTH_ALLOW_OPEN: 'true' });
    expect(allowedHosts.map(({ name }) => name)).toEqual(['lan', '192.168.1.5', 'chat.example.com']);
    expect(openAt).toBe('192.168.1.5');
  });

  it('limits the one user where strangers may come in', () => {
    const limitsOf = ({ requestLimits, attachments }: ReturnType<typeof load>) => [
      requestLimits.streamsPerUser,
      attachments.quota.perUser.files,
    ];
    expect(limitsOf(load({}))).toEqual([null, null]);
    expect(limitsOf(load({ ...ANYWHERE, AUTH_ALLOW_OPEN: 'true' }))).toEqual([200, 10_000]);
    expect(limitsOf(load(JWT))).toEqual([200, 10_000]);
  });

  it('is open to nobody with users, nor on loopback', () => {
    expect(load({ ...ANYWHERE, ...HEADER }).openAt).toBeUndefined();
    expect(load({}).openAt).toBeUndefined();
    expect(load({ ...ANYWHERE, PUBLISH: '127.0.0.1:80' }).openAt).toBeUndefined();
    const known = { PUBLIC_URL: 'https://chat.example.com', AUTH_ALLOW_OPEN: 'true' };
    expect(load(known).openAt).toBe('https://chat.example.com');
  });
});
