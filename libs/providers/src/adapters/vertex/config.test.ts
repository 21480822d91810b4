import { expect, it } from 'vitest';
import { providersFromEnvironment } from '../../environment.js';
import { ProviderConfig } from '../../provider-config.js';
import { baseUrlOf } from './client.js';
import { VertexConfig } from './config.js';

const BASE = { kind: 'vertex', projectId: 'my-project', region: 'europe-west1' };
const serviceAccount = { clientEmail: 'a@b', privateKey: 'k' };

const problemsOf = (entry: object) =>
  ProviderConfig.safeParse({ ...BASE, ...entry }).error?.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

it.each([{ serviceAccount }, { keyFile: '/k.json' }, { accessToken: 't' }, { credentials: 'default' }])(
  'takes %j',
  (entry) => expect(problemsOf(entry)).toBeUndefined(),
);

it.each([
  [{}, 'exactly one of'],
  [{ accessToken: 't', keyFile: '/k.json' }, 'exactly one of'],
  [{ accessToken: 't', region: 'Frankfurt am Main' }, 'region: must be a region'],
  [{ accessToken: 't', projectId: 'My Project' }, 'projectId: must be the id of a project'],
  [{ accessToken: 't', apiKey: 'k' }, 'apiKey'],
  [{ serviceAccount: { clientEmail: 'a@b' } }, 'serviceAccount.privateKey'],
])('says what is wrong with %j', (entry, problem) => {
  expect(problemsOf(entry)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
});

it.each([
  ['europe-west1', 'https://europe-west1-aiplatform.googleapis.com/v1'],
  ['global', 'https://aiplatform.googleapis.com/v1'],
  ['eu', 'https://aiplatform.eu.rep.googleapis.com/v1'],
])('is in %s at %s', (region, expected) => {
  expect(baseUrlOf(VertexConfig.parse({ ...BASE, region, accessToken: 't' }))).toBe(expected);
});

it('is enabled by its own variable, and by nothing that is on a machine for other reasons', () => {
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: '/k.json',
    GOOGLE_CLOUD_PROJECT: 'p',
    CLOUD_ML_REGION: 'us-east5',
    ANTHROPIC_VERTEX_PROJECT_ID: 'p',
    VERTEX_PROJECT_ID: 'my-project',
    VERTEX_REGION: 'global',
  };
  expect(providersFromEnvironment(env)).toMatchObject([{ kind: 'demo' }]);
  expect(providersFromEnvironment({ ...env, VERTEX_CREDENTIALS: 'default' })).toMatchObject([
    { kind: 'vertex', projectId: 'my-project', region: 'global', credentials: 'default' },
  ]);
});
