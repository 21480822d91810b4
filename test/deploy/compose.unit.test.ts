import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigError, type Variable, variableNames, VARIABLES } from '#runtime';
import { loadConfig } from '../../apps/api/src/config.js';
import { adaptCaddyfile, caddyMissing } from '../support/caddy.js';
import { composeText, durationOf, interpolationsOf, loadCompose } from './support/compose.js';
import { isCi } from './support/machine.js';
import {
  copyOf,
  environmentOf,
  execForm,
  type Instruction,
  parseDockerfile,
  type Stage,
} from './support/dockerfile.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The JSON schema of the compose specification (github.com/compose-spec/compose-spec), as dclint 3.1.0 ships it. */
const SCHEMA = join(root, 'node_modules/dclint/schemas/compose.schema.json');
const { services, volumes } = loadCompose(root);
const { api, worker, check, migrate, postgres, redis } = services;
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const stages = parseDockerfile(dockerfile);
const image = withStagesBefore(stages.at(-1));

const valuesOf = (name: string): string[] => image.filter((one) => one.name === name).map(({ value }) => value);
const imageEnvironment = Object.assign({}, ...valuesOf('ENV').map(environmentOf)) as Record<string, string>;

/** The instructions of a stage, after those of the one that it continues. */
function withStagesBefore(stage: Stage | undefined): readonly Instruction[] {
  if (!stage) return [];
  return [...withStagesBefore(stages.find(({ name }) => name === stage.from)), ...stage.instructions];
}

/** Why an API does not start in this environment. */
function startProblems(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The same in the compose file's container, with these variables set for compose. */
const composedProblems = (variables: Readonly<Record<string, string>>): readonly string[] =>
  startProblems({ ...imageEnvironment, ...loadCompose(root, variables).services['api']?.environment });

/** What neither role needs from the compose file, because the image sets it. */
const SET_BY_THE_IMAGE = ['HOST', 'PORT', 'NODE_ENV', 'DATA_DIR'];
const hasValueOfTheImage = ([name, value]: readonly [string, string]): boolean =>
  SET_BY_THE_IMAGE.includes(name) && imageEnvironment[name] === value;

describe('docker-compose.yml', () => {
  it('follows the compose specification', ({ skip }) => {
    if (!existsSync(SCHEMA)) {
      if (isCi) throw new Error(`${SCHEMA} is missing`);
      skip('the package dclint, which brings the schema, is not installed');
    }
    const { $schema: _, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<string, unknown>;
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { duration: true, uri: true } });
    const validate = ajv.compile(schema);
    const secrets: unknown = parse(readFileSync(join(root, 'deploy/compose/secrets.yml'), 'utf8'), { merge: true });
    for (const document of [parse(composeText(root), { merge: true }), loadCompose(root), secrets]) {
      validate(document);
      expect(validate.errors ?? []).toEqual([]);
    }
    // The schema does tell right from wrong.
    expect(validate({ services: { api: { image: 'x', port: ['80:80'] } } })).toBe(false);
  });

  it('works with nothing set: every variable has a default, and so has every secret', () => {
    const asked = interpolationsOf(composeText(root));
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter(({ hasDefault }) => !hasDefault)).toEqual([]);
  });

  it.each(['api', 'worker'] as const)('gives the %s every variable that it knows, and no other', (role) => {
    // Those of the providers come with the file, for they are many; OpenAI's may stand in the shell as well.
    const given = Object.entries(services[role]?.environment ?? {})
      .filter((one) => !hasValueOfTheImage(one))
      .map(([name]) => name)
      .filter((name) => !name.startsWith('OPENAI_'));
    const known = variableNames(role).filter((name) => !SET_BY_THE_IMAGE.includes(name));
    expect(known.length).toBeGreaterThan(4);
    expect(given.toSorted()).toEqual(known.toSorted());
  });

  it('gives the migration the database alone, and nothing that is secret of the two roles', () => {
    expect(Object.keys(migrate?.environment ?? {}).toSorted()).toEqual(variableNames('migrate').toSorted());
    expect(variableNames('migrate').every((name) => name.startsWith('DATABASE_'))).toBe(true);
  });

  it('asks for variables that are known, or are read by it alone', () => {
    const registry: Readonly<Record<string, Variable>> = VARIABLES;
    const asked = new Set(interpolationsOf(composeText(root)).map(({ name }) => name));
    const ofProviders = [...asked].filter((name) => name.startsWith('OPENAI_'));
    expect(ofProviders).toEqual(['OPENAI_API_KEY', 'OPENAI_BASE_URL']);
    expect([...asked].filter((name) => !registry[name] && !ofProviders.includes(name))).toEqual([]);
    expect(variableNames('compose').filter((name) => !asked.has(name))).toEqual([]);
  });

  it('gives both roles the variables of every provider, and keeps those that are for npm start out of them', () => {
    for (const role of [api, worker]) {
      expect(role).toMatchObject({ env_file: [{ path: '.env', required: false }] });
      expect(role?.environment).toMatchObject({ NODE_ENV: 'production', DATA_DIR: '/app/data' });
    }
    expect(api?.environment).toMatchObject({ HOST: '0.0.0.0', PORT: '8000' });
    expect(migrate?.env_file).toEqual([]);
  });

  it('builds one image for both roles, which the worker neither builds nor pulls', () => {
    const args = { NODE_IMAGE: 'node:24-bookworm-slim' };
    expect(api?.build).toEqual({ context: '.', args });
    expect(migrate?.build).toEqual({ context: '.', args, target: 'migrate' });
    expect(worker?.build).toBeUndefined();
    expect(worker).toMatchObject({ image: api?.image, pull_policy: 'never' });
    const NODE_IMAGE = 'registry.example.com/node:24-slim';
    expect(loadCompose(root, { NODE_IMAGE }).services['api']?.build?.args).toEqual({ NODE_IMAGE });
  });

  it('gives its network addresses that stay, so that a proxy can be trusted', () => {
    const [own] = loadCompose(root, { NETWORK_PREFIX: '10.89.0' }).networks['default']?.ipam?.config ?? [];
    expect(own).toEqual({ subnet: '10.89.0.0/24', gateway: '10.89.0.1', ip_range: '10.89.0.128/25' });
  });

  it('says which version of Compose it needs, as the documents do', () => {
    const [, least] = /Docker Compose ([\d.]+) or newer/.exec(composeText(root)) ?? [];
    expect(least).toBe('2.24.0');
    expect(readFileSync(join(root, 'docs/deploy.md'), 'utf8')).toContain(`Docker Compose ${least} or newer`);
  });

  it('is reached from this machine only, unless somebody says otherwise', () => {
    expect(api?.ports).toEqual(['127.0.0.1:8000:8000']);
    for (const service of [worker, migrate, postgres, redis]) expect(service?.ports).toBeUndefined();
    expect(loadCompose(root, { PUBLISH: '0.0.0.0:80' }).services['api']?.ports).toEqual(['0.0.0.0:80:8000']);
  });

  it('judges the address under which the API is published, not the one inside its container', () => {
    expect(composedProblems({})).toEqual([]);
    expect(composedProblems({ PUBLISH: '127.0.0.1:9000' })).toEqual([]);
    for (const PUBLISH of ['8000', '0.0.0.0:80', '[::]:80', '192.168.1.5:8000']) {
      expect(composedProblems({ PUBLISH })).toEqual([
        expect.stringContaining(`PUBLISH=${PUBLISH} lets other machines in`),
      ]);
      expect(composedProblems({ PUBLISH, AUTH_ALLOW_OPEN: 'true' })).toEqual([]);
      expect(composedProblems({ PUBLISH, AUTH_MODE: 'trustedHeader', AUTH_USER_HEADER: 'X-User' })).toEqual([]);
    }
  });

  it('judges the address of the proxy in front of it, and the one that browsers use', () => {
    const asDocumented = { COMPOSE_PROFILES: 'proxy', PROXY_PUBLISH: '443', PUBLIC_URL: 'https://chat.example.com' };
    expect(composedProblems(asDocumented)).toEqual([
      expect.stringContaining('PROXY_PUBLISH=443 and PUBLIC_URL=https://chat.example.com let other machines in'),
    ]);
    expect(composedProblems({ ...asDocumented, AUTH_MODE: 'trustedHeader', AUTH_USER_HEADER: 'X-User' })).toEqual([]);
    expect(composedProblems({ COMPOSE_PROFILES: 'proxy' })).toEqual([]);
    const { ports } = loadCompose(root, asDocumented).services['proxy'] ?? {};
    expect(ports).toEqual(['443:443']);
  });

  it('lets the config file decide who may come in, unless the environment says it', () => {
    for (const role of [api, worker]) expect(role?.environment?.['AUTH_MODE']).toBe('');
    const folder = mkdtempSync(join(tmpdir(), 'compose-'));
    const CHATKIT_CONFIG = join(folder, 'chatkit.config.yaml');
    writeFileSync(CHATKIT_CONFIG, 'auth: { mode: trustedHeader, userHeader: X-User }');
    const environment = { ...imageEnvironment, ...api?.environment, CHATKIT_CONFIG };
    expect(loadConfig(environment).auth.modes).toEqual(['trustedHeader']);
    expect(startProblems({ ...environment, AUTH_MODE: 'none' }).join()).toContain(
      'auth.mode of the config file asks for',
    );
    rmSync(folder, { recursive: true });
  });

  it('can run any number of workers', () => {
    for (const service of Object.values(services)) expect(service.container_name).toBeUndefined();
    expect(worker).toMatchObject({ init: true, restart: 'unless-stopped' });
    // The image's own check asks the health port.
    expect(worker?.healthcheck).toBeUndefined();
    expect(worker?.environment?.['WORKER_HEALTH_PORT']).toBe(imageEnvironment['WORKER_HEALTH_PORT']);
  });

  it('starts both roles when the database is up to date and everything answers', () => {
    for (const role of [api, worker]) {
      expect(role?.depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
        check: { condition: 'service_completed_successfully' },
      });
    }
    expect(migrate).toMatchObject({ restart: 'no', depends_on: { postgres: { condition: 'service_healthy' } } });
    for (const service of [postgres, redis]) expect(service?.healthcheck?.test?.length).toBeGreaterThan(1);
  });

  it('reads the settings of both roles before it starts them, once', () => {
    // For how long a role goes on after SIGTERM is a number of its own, judged alike.
    const { SHUTDOWN_GRACE_SECONDS: _, ...ofBoth } = { ...worker?.environment, ...api?.environment };
    expect(check?.environment).toMatchObject(ofBoth);
    expect(check).toMatchObject({ image: api?.image, pull_policy: 'never', restart: 'no', env_file: api?.env_file });
    expect(check?.volumes).toEqual(worker?.volumes);
    // Modules that it loads find what they find in a worker.
    expect(check?.extra_hosts).toEqual(worker?.extra_hosts);
    expect(check?.depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    expect(check?.command).toEqual(['node', 'dist/apps/doctor/src/main.js', '--config']);
  });

  it('uses one password on both sides, whatever it is made of', () => {
    const passwords = { POSTGRES_PASSWORD: 'p@ss:w/ord#1', REDIS_PASSWORD: '%r?d is' };
    const { services: own } = loadCompose(root, passwords);
    expect(own['postgres']?.environment?.['POSTGRES_PASSWORD']).toBe(passwords.POSTGRES_PASSWORD);
    expect(own['redis']?.command?.slice(-2)).toEqual(['--requirepass', passwords.REDIS_PASSWORD]);
    expect(own['redis']?.environment?.['REDISCLI_AUTH']).toBe(passwords.REDIS_PASSWORD);
    expect(own['migrate']?.environment?.['DATABASE_PASSWORD']).toBe(passwords.POSTGRES_PASSWORD);
    const { databaseUrl, redis: usedRedis } = loadConfig({ ...imageEnvironment, ...own['api']?.environment });
    expect(decodeURIComponent(new URL(databaseUrl).password)).toBe(passwords.POSTGRES_PASSWORD);
    expect(decodeURIComponent(new URL(usedRedis?.url ?? '').password)).toBe(passwords.REDIS_PASSWORD);
  });

  it('keeps what must be kept, and a Redis that forgets nothing', () => {
    const kept = [postgres, redis, api].flatMap((service) => service?.volumes ?? []);
    // A folder of the project: Docker does not make one that is root's.
    const settings = expect.objectContaining({
      source: './config',
      read_only: true,
      bind: { create_host_path: false },
    });
    expect(kept).toEqual(['postgres-data:/var/lib/postgresql', 'redis-data:/data', 'uploads:/app/data', settings]);
    // The workers show uploaded files to models.
    expect(worker?.volumes).toEqual(api?.volumes);
    const ofProfiles = ['proxy-data', 'prometheus-data', 'grafana-data', 's3-data'];
    expect(Object.keys(volumes)).toEqual(['postgres-data', 'redis-data', 'uploads', ...ofProfiles]);
    const command = redis?.command?.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
  });

  it.each([
    [api, 'apps/api/src/main.ts', 'CLOSE_WITHIN_MS'],
    [worker, 'apps/worker/src/worker-process.ts', 'HAND_OVER_MS'],
  ])('waits longer for a process than it takes to stop', (service, file, name) => {
    const source = readFileSync(join(root, file), 'utf8');
    const value = new RegExp(`const ${name} = ([\\d_]+);`).exec(source)?.[1] ?? '';
    const drainMs = Number(service?.environment?.['SHUTDOWN_GRACE_SECONDS']) * 1_000;
    expect(durationOf(service?.stop_grace_period)).toBeGreaterThan(drainMs + Number(value.replaceAll('_', '')) + 5_000);
  });
});

describe('the proxy of docker-compose.yml', () => {
  it('Caddy is there where a machine promises it (CI=true)', () => {
    expect(isCi ? caddyMissing : '').toBe('');
  });

  it.skipIf(caddyMissing)(`looks up the APIs each second (${caddyMissing || 'not skipped'})`, () => {
    expect(services['proxy']?.volumes).toContainEqual(expect.objectContaining({ source: './deploy/caddy' }));
    const adapted = adaptCaddyfile(services['proxy']?.environment ?? {});
    const found = adapted.match(/"dynamic_upstreams":(\{[^}]*\})/)?.[1] ?? '{}';
    expect(JSON.parse(found)).toEqual({ source: 'a', name: 'api', port: '8000', refresh: 1_000_000_000 });
  });
});

describe('Dockerfile', () => {
  it('makes one image for both roles, and one for the migration', () => {
    const [command = ''] = valuesOf('CMD');
    expect(execForm(command)).toEqual(['node', 'dist/apps/api/src/main.js']);
    expect(worker?.command).toEqual(['node', 'dist/apps/worker/src/main.js']);
    expect(worker?.image).toBe(api?.image);
  });

  it('runs as a user without rights, reachable from outside its container', () => {
    expect(valuesOf('USER')).toEqual(['1000:1000']);
    expect(imageEnvironment).toMatchObject({
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      PORT: '8000',
      DATA_DIR: '/app/data',
    });
    for (const service of [api, worker, migrate]) expect(service).toMatchObject({ init: true, read_only: true });
  });

  it('alone, with its port published, does not start until somebody says who may come in', () => {
    const plain = { ...imageEnvironment, DATABASE_URL: 'postgresql://db/x' };
    expect(startProblems(plain)).toEqual([
      expect.stringMatching(/HOST=0\.0\.0\.0 lets other machines in.*docker run -p/),
    ]);
    expect(startProblems({ ...plain, PUBLISH: '127.0.0.1:8000' })).toEqual([]);
    expect(startProblems({ ...plain, AUTH_ALLOW_OPEN: 'true' })).toEqual([]);
  });

  it('takes only what was built and installed for production into the image', () => {
    const copies = valuesOf('COPY').map(copyOf);
    const fromBuild = copies.filter(({ from }) => from === 'build').flatMap(({ sources }) => sources);
    expect(fromBuild).toEqual(['/app/dist']);
    expect(copies.some(({ from, sources }) => from === undefined && sources.includes('.'))).toBe(false);
    const packages = copies.filter(({ from }) => from === 'dependencies').flatMap(({ sources }) => sources);
    expect(packages).toEqual(['/app/runtime/node_modules', '/app/volumes']);
  });
});
