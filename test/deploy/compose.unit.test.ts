import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigError } from '#runtime';
import { loadConfig } from '../../apps/api/src/config.js';
import { composeText, durationOf, interpolationsOf, loadCompose } from './support/compose.js';
import { isCi } from './support/machine.js';
import { copyOf, environmentOf, execForm, parseDockerfile } from './support/dockerfile.js';
import { variablesOf } from './support/variables.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The JSON schema of the compose specification (github.com/compose-spec/compose-spec), as dclint 3.1.0 ships it. */
const SCHEMA = join(root, 'node_modules/dclint/schemas/compose.schema.json');
const { services, volumes } = loadCompose(root);
const { api, worker, migrate, postgres, redis } = services;
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const image = parseDockerfile(dockerfile).at(-1)?.instructions ?? [];

const valuesOf = (name: string): string[] => image.filter((one) => one.name === name).map(({ value }) => value);
const imageEnvironment = Object.assign({}, ...valuesOf('ENV').map(environmentOf)) as Record<string, string>;

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

describe('docker-compose.yml', () => {
  it('follows the compose specification', ({ skip }) => {
    if (!existsSync(SCHEMA)) {
      if (isCi) throw new Error(`${SCHEMA} is missing`);
      skip('the package dclint, which brings the schema, is not installed');
    }
    const { $schema: _, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<string, unknown>;
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { duration: true, uri: true } });
    const validate = ajv.compile(schema);
    for (const document of [parse(composeText(root), { merge: true }), loadCompose(root)]) {
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
    const given = Object.keys(services[role]?.environment ?? {}).filter((name) => !name.startsWith('OPENAI_'));
    const known = [...variablesOf(root, role)].filter((name) => !SET_BY_THE_IMAGE.includes(name));
    expect(known.length).toBeGreaterThan(4);
    expect(given.toSorted()).toEqual(known.toSorted());
  });

  it('gives the worker the variables of every provider', () => {
    expect(worker).toMatchObject({ env_file: [{ path: '.env', required: false }] });
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
    expect(worker).toMatchObject({ init: true, restart: 'unless-stopped', healthcheck: { disable: true } });
  });

  it('starts both roles when the database is up to date and everything answers', () => {
    for (const role of [api, worker]) {
      expect(role?.depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
      });
    }
    expect(migrate).toMatchObject({ restart: 'no', depends_on: { postgres: { condition: 'service_healthy' } } });
    for (const service of [postgres, redis]) expect(service?.healthcheck?.test?.length).toBeGreaterThan(1);
  });

  it('uses one password on both sides', () => {
    const { services: own } = loadCompose(root, { POSTGRES_PASSWORD: 'of-my-own' });
    expect(own['postgres']?.environment?.['POSTGRES_PASSWORD']).toBe('of-my-own');
    for (const name of ['api', 'worker', 'migrate']) {
      expect(own[name]?.environment?.['DATABASE_URL']).toBe('postgresql://chatkit:of-my-own@postgres:5432/chatkit');
    }
  });

  it('keeps what must be kept, and a Redis that forgets nothing', () => {
    const kept = [postgres, redis, api].flatMap((service) => service?.volumes ?? []);
    const settings = './config:/app/config:ro';
    expect(kept).toEqual(['postgres-data:/var/lib/postgresql', 'redis-data:/data', 'uploads:/app/data', settings]);
    // The workers show uploaded files to models.
    expect(worker?.volumes).toEqual(api?.volumes);
    expect(Object.keys(volumes)).toEqual(['postgres-data', 'redis-data', 'uploads']);
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

describe('Dockerfile', () => {
  it('makes one image for both roles and the migration', () => {
    const [command = ''] = valuesOf('CMD');
    expect(execForm(command)).toEqual(['node', 'dist/apps/api/src/main.js']);
    expect(worker?.command).toEqual(['node', 'dist/apps/worker/src/main.js']);
    expect(new Set([api, worker, migrate].map((service) => service?.image)).size).toBe(1);
  });

  it('runs as a user without rights, reachable from outside its container', () => {
    expect(valuesOf('USER')).toEqual(['node']);
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
    expect(dockerfile).toContain('npm ci --omit=dev');
  });
});
