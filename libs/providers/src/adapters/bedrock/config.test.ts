import { expect, it } from 'vitest';
import { providersOf } from '../../config-file-providers.js';
import { providersFromEnvironment } from '../../environment.js';
import { ProviderConfig } from '../../provider-config.js';

const KEY = { accessKeyId: 'a', secretAccessKey: 'b' };

const problemsOf = (entry: object) =>
  ProviderConfig.safeParse({ kind: 'bedrock', region: 'us-east-1', ...entry }).error?.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

it.each([{ apiKey: 'k' }, { apiKeys: ['k', 'l'] }, KEY, { ...KEY, sessionToken: 't' }, { credentials: 'default' }])(
  'takes %j',
  (entry) => expect(problemsOf(entry)).toBeUndefined(),
);

it.each([
  [{}, 'exactly one of'],
  [{ apiKey: 'k', ...KEY }, 'exactly one of'],
  [{ ...KEY, credentials: 'default' }, 'exactly one of'],
  [{ accessKeyId: 'a' }, 'secretAccessKey: accessKeyId and secretAccessKey belong together'],
  [{ apiKey: 'k', sessionToken: 't' }, 'sessionToken: belongs to accessKeyId'],
  [{ apiKey: 'k', region: 'Frankfurt' }, 'region: must be an AWS region, as in us-east-1'],
])('says what is wrong with %j', (entry, problem) => {
  expect(problemsOf(entry)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
});

it('is enabled by its own key, and by nothing that is on a machine for other reasons', () => {
  const aws = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_PROFILE: 'p' };
  expect(providersFromEnvironment(aws)).toMatchObject([{ kind: 'demo' }]);
  expect(providersFromEnvironment({ ...aws, AWS_BEARER_TOKEN_BEDROCK: 'k' })).toMatchObject([
    { kind: 'bedrock', apiKey: 'k', region: 'eu-west-1' },
  ]);
  expect(providersFromEnvironment({ ...aws, BEDROCK_CREDENTIALS: 'default' })).toMatchObject([
    { kind: 'bedrock', credentials: 'default' },
  ]);
  expect(() => providersFromEnvironment({ AWS_BEARER_TOKEN_BEDROCK: 'k' })).toThrow('is needed for bedrock');
});

it('takes no key from a variable when its entry has another way in', () => {
  const env = { AWS_REGION: 'eu-west-1', AWS_BEARER_TOKEN_BEDROCK: 'k' };
  const { configs, issues } = providersOf([{ kind: 'bedrock', ...KEY }], env);
  expect(issues).toEqual([]);
  expect(configs).toMatchObject([{ kind: 'bedrock', region: 'eu-west-1', ...KEY }]);
  expect(configs[0]).not.toHaveProperty('apiKey');
});
