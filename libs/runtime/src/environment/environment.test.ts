import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, parseEnvironment } from './parse-environment.js';
import { environmentSchema } from './registry.js';
import { wholeNumber } from './schemas.js';

const schema = environmentSchema('worker');
const DATABASE_URL = 'postgresql://user:password@localhost:5432/relay';

function problemsOf(env: Environment, between?: Parameters<typeof parseEnvironment>[2]): readonly string[] {
  try {
    parseEnvironment(schema, env, between);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('an environment', () => {
  it('needs a database and has a default for everything else', () => {
    expect(parseEnvironment(schema, { DATABASE_URL })).toEqual({
      DATABASE_URL,
      LOG_LEVEL: 'info',
      REDIS_TLS: false,
      ROW_LEVEL_SECURITY: false,
      NODE_ENV: 'development',
      DATA_DIR: resolve('.data'),
      TRACE_CONTEXT_TO_PROVIDERS: false,
      WORKER_ATTACHMENT_MB: 256,
      WORKER_CONCURRENCY: 200,
      WORKER_HEALTH_HOST: '127.0.0.1',
    });
  });

  it('counts an empty value as not set', () => {
    const env = { DATABASE_URL, REDIS_URL: '', WORKER_CONCURRENCY: '', LOG_LEVEL: '' };
    expect(parseEnvironment(schema, env)).toEqual(parseEnvironment(schema, { DATABASE_URL }));
    expect(problemsOf({ DATABASE_URL: '' })).toEqual([expect.stringMatching(/^DATABASE_URL: is required/)]);
  });

  it('omits variables that the schema does not name', () => {
    expect(parseEnvironment(schema, { DATABASE_URL, HOME: '/root' })).not.toHaveProperty('HOME');
  });

  it('is refused with every problem at once, each with the name of its variable', () => {
    const env = {
      REDIS_URL: 'localhost:6379',
      LOG_LEVEL: 'loud',
      NODE_ENV: 'prod',
      AUTH_MODE: 'any',
      WORKER_CONCURRENCY: '0',
    };
    const problems = problemsOf(env, () => ['A and B: not together']);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'LOG_LEVEL',
      'NODE_ENV',
      'WORKER_CONCURRENCY',
      'AUTH_MODE',
      'A and B',
    ]);
    expect(new ConfigError(problems).message.split('\n')).toHaveLength(problems.length + 1);
  });

  it('is refused for problems between variables alone', () => {
    expect(problemsOf({ DATABASE_URL }, ({ PORT }) => (PORT ? [] : ['PORT: is missing']))).toEqual([
      'PORT: is missing',
    ]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://localhost/relay'],
    ['DATABASE_URL', 'postgresq://u:secret@localhost/relay'],
    ['REDIS_URL', 'http://localhost'],
  ])('refuses %s=%s and does not repeat it, since it may hold a password', (name, value) => {
    const problems = problemsOf({ DATABASE_URL, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: must be a URL`));
    expect(problems[0]).not.toContain(value);
  });

  it('takes only schemas whose name the queue can have, too', () => {
    expect(problemsOf({ DATABASE_URL: `${DATABASE_URL}?schema=relay_1` })).toEqual([]);
    expect(problemsOf({ DATABASE_URL: `${DATABASE_URL}?schema=relay-1` })).toEqual([
      'DATABASE_URL: the schema must be a name of letters, digits and underscores, 50 at most',
    ]);
  });

  it.each(['REDIS_CLUSTER_NODES', 'REDIS_SENTINELS'])('takes nodes in %s, and nothing else', (name) => {
    expect(problemsOf({ DATABASE_URL, [name]: '10.0.0.1:6379, redis.example.com:6380,[::1]:7000' })).toEqual([]);
    for (const wrong of ['localhost', 'redis://localhost:6379', 'a:0', 'a:1,,b:2', 'a:65536'])
      expect(problemsOf({ DATABASE_URL, [name]: wrong })).toEqual([
        expect.stringMatching(`^${name}: must be addresses`),
      ]);
  });

  it.each(['postgres://localhost/a', 'postgresql://u:p@[::1]:5432/a?sslmode=require'])('takes %s', (url) => {
    expect(problemsOf({ DATABASE_URL: url, REDIS_URL: 'rediss://localhost' })).toEqual([]);
  });
});

it('what Kubernetes sets for a service named like one of ours is not read', () => {
  const links = { WORKER_HEALTH_PORT: 'tcp://10.96.0.12:9465', WORKER_HEALTH_SERVICE_HOST: '10.96.0.12' };
  expect(parseEnvironment(schema, { DATABASE_URL, ...links }).WORKER_HEALTH_PORT).toBeUndefined();
  expect(parseEnvironment(schema, { DATABASE_URL, WORKER_HEALTH_PORT: '9465' }).WORKER_HEALTH_PORT).toBe(9465);
  expect(problemsOf({ DATABASE_URL, WORKER_CONCURRENCY: 'tcp://10.96.0.12:1' })).toHaveLength(1);
});

describe('a whole number', () => {
  const three = wholeNumber(1, 3);

  it.each([
    ['1', 1],
    ['3', 3],
    ['03', 3],
  ])('%s is taken', (text, value) => {
    expect(three.parse(text)).toBe(value);
  });

  it.each(['0', '4', '-1', '1.5', '1e0', ' 1', '1 ', '0x1', 'one', '٣', '99999999999999999999'])(
    '%j is refused',
    (text) => {
      expect(three.safeParse(text).error?.issues).toMatchObject([{ message: 'must be a whole number from 1 to 3' }]);
    },
  );
});
