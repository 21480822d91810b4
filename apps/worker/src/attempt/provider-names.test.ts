import { expect, it } from 'vitest';
import { ProviderNames } from './provider-names.js';

it.each([
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['azure-openai', 'azure.ai.openai'],
  ['bedrock', 'aws.bedrock'],
  ['mistral', 'mistral_ai'],
] as const)('an entry of the kind %s is named %s, whatever its id', (kind, name) => {
  const names = new ProviderNames([{ id: 'mine', kind }, { kind }] as never);
  expect([names.of('mine'), names.of(kind)]).toEqual([name, name]);
});

it('a server of one’s own is named by its id, and so is one that is not known', () => {
  const names = new ProviderNames([{ id: 'mine', kind: 'openai-compatible' }] as never);
  expect([names.of('mine'), names.of('other')]).toEqual(['mine', 'other']);
});
