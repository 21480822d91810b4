import { expect, it } from 'vitest';
import { claudeTraits } from './claude-traits.js';

const THINKING = { budget: ['budget', true], adaptive46: ['adaptive', true], adaptive: ['adaptive', false] } as const;

it.each([
  ['claude-sonnet-4-5-20250929', 'budget'],
  ['us.anthropic.claude-3-5-haiku-20241022-v1:0', 'budget'],
  ['eu.anthropic.claude-sonnet-4-20250514-v1:0', 'budget'],
  ['global.anthropic.claude-haiku-4-5-20251001-v1:0', 'budget'],
  ['arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-1-20250805-v1:0', 'budget'],
  ['claude-opus-4-1@20250805', 'budget'],
  ['claude-haiku-4-5@20251001', 'budget'],
  ['us.anthropic.claude-opus-4-6-v1', 'adaptive46'],
  ['claude-sonnet-4-6@default', 'adaptive46'],
  ['global.anthropic.claude-opus-4-7', 'adaptive'],
  ['global.anthropic.claude-sonnet-5-5', 'adaptive'],
  ['claude-sonnet-5-5@20261001', 'adaptive'],
] as const)('%s is of the family %s, whatever the cloud adds to its name', (model, family) => {
  const { thinking, sampling } = claudeTraits(model);
  expect([thinking, sampling]).toEqual(THINKING[family]);
});
