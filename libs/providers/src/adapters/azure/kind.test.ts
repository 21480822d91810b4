import { describe, expect, it } from 'vitest';
import { createProviders, ProviderConfig } from '../../config.js';
import { providersOf } from '../../config-file-providers.js';
import { providersFromEnvironment } from '../../environment.js';

const ENDPOINT = 'https://x.openai.azure.com';
const ENTRA = { tenantId: 't', clientId: 'c', clientSecret: 's' };

function problemsOf(fields: object): string[] {
  const { error } = ProviderConfig.safeParse({ kind: 'azure-openai', endpoint: ENDPOINT, ...fields });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('an entry', () => {
  it.each([
    {},
    { apiKey: 'k' },
    { entra: ENTRA },
    { entra: { ...ENTRA, clientSecret: undefined, tokenFile: '/token' } },
    { entra: { ...ENTRA, authorityHost: 'https://login.microsoftonline.us' } },
    { credentials: 'default' },
    { credentials: 'default', entra: { clientId: 'c', scope: 'https://cognitiveservices.azure.us/.default' } },
  ])('may be %j', (fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });

  it.each([
    [{ apiKey: 'k', entra: ENTRA }, 'entra: stands in for apiKey: leave out one of them'],
    [{ apiKeys: ['k'], credentials: 'default' }, 'credentials: stands in for apiKey: leave out one of them'],
    [
      { entra: { ...ENTRA, tenantId: undefined } },
      'entra.tenantId: is needed: the directory (tenant) ID of the application',
    ],
    [{ entra: { ...ENTRA, clientId: undefined } }, 'entra.clientId: is needed: the application (client) ID'],
    [
      { entra: { ...ENTRA, clientSecret: undefined } },
      'entra.clientSecret: needs exactly one of clientSecret, certificateFile, tokenFile',
    ],
    [
      { entra: { ...ENTRA, tokenFile: '/token' } },
      'entra.clientSecret: needs exactly one of clientSecret, certificateFile, tokenFile',
    ],
    [{ credentials: 'default', entra: ENTRA }, 'entra.clientSecret: has no use beside credentials: default'],
    [{ entra: { ...ENTRA, authorityHost: 'http://x' } }, 'entra.authorityHost: must be an https URL'],
    [{ entra: { ...ENTRA, tenantId: 'a/b' } }, 'entra.tenantId: must be an ID, or the name of a tenant'],
  ])('is not %j', (fields, problem) => {
    expect(problemsOf(fields)).toEqual([problem]);
  });

  it('says where to get what it needs', () => {
    const labels = [{ apiKey: 'k' }, { entra: ENTRA }, { credentials: 'default' as const }].map((fields, index) => {
      const [provider] = createProviders([{ kind: 'azure-openai', id: `a${index}`, endpoint: ENDPOINT, ...fields }]);
      return provider?.keyConfig.label;
    });
    expect(labels).toEqual([
      'Azure OpenAI key',
      'Application of Microsoft Entra ID',
      'Azure credentials of this machine',
    ]);
  });
});

describe('the environment', () => {
  const variables = { AZURE_OPENAI_ENDPOINT: ENDPOINT };

  it('enables it by the machine only where a variable says so', () => {
    const known = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' };
    expect(providersFromEnvironment({ ...variables, ...known })).toMatchObject([{ kind: 'demo' }]);
    const asked = { ...variables, ...known, AZURE_OPENAI_CREDENTIALS: 'default' };
    expect(providersFromEnvironment(asked)).toMatchObject([{ kind: 'azure-openai', credentials: 'default' }]);
  });

  it('adds no key to an entry that has another way, and no other way to an entry with a key', () => {
    const [keyed, machine] = [{ AZURE_OPENAI_API_KEY: 'k' }, { AZURE_OPENAI_CREDENTIALS: 'default' }];
    for (const env of [keyed, machine]) {
      for (const way of [{ entra: ENTRA }, { apiKey: 'own' }, { apiKeys: ['own'] }, { credentials: 'default' }]) {
        const { configs, issues } = providersOf([{ kind: 'azure-openai', ...way }], { ...variables, ...env });
        expect([issues, configs]).toMatchObject([[], [{ endpoint: ENDPOINT, ...way }]]);
      }
    }
  });
});
