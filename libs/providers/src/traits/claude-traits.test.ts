import { expect, it } from 'vitest';
import { claudeTraits } from './claude-traits.js';

it.each([
  ['claude-3-haiku-20240307', { thinking: 'budget', defaultMaxTokens: 4_096, forcedTools: true }],
  ['claude-3-5-sonnet-latest', { thinking: 'budget', defaultMaxTokens: 8_192 }],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', { thinking: 'budget', sampling: true }],
  ['claude-opus-4-20250514', { thinking: 'budget' }],
  ['anthropic/claude-opus-4.6', { thinking: 'adaptive', sampling: true, off: 'unsaid', highEfforts: ['max'] }],
  ['claude-opus-4-8', { thinking: 'adaptive', sampling: false, off: 'unsaid', thinksUnasked: false }],
  ['claude-opus-5', { off: 'disabled', thinksUnasked: true, forcedTools: true, sampling: false }],
  ['claude-sonnet-5@20260601', { off: 'disabled', thinksUnasked: true, speaksInThoughts: false }],
  ['claude-sonnet-5-20260601', { off: 'disabled' }],
  ['claude-sonnet-5-5', { off: 'between_tools', forcedTools: false, speaksInThoughts: true }],
  ['eu.anthropic.claude-sonnet-5.5-v1:0', { off: 'between_tools' }],
  ['anthropic/claude-sonnet-5.5:beta', { off: 'between_tools' }],
  ['claude-opus-5-5-20260922', { off: null, forcedTools: false, speaksInThoughts: true }],
  ['claude-fable-5-1', { off: null, forcedTools: false }],
  ['claude-mythos-5', { off: null }],
  ['claude-haiku-5-5', { off: 'disabled', forcedTools: true }],
  // Not known yet: as the newest of the family.
  ['claude-sonnet-6', { off: 'between_tools', forcedTools: false }],
  ['claude-opus-6-1', { off: null, forcedTools: false }],
  ['claude-haiku-6', { off: 'disabled' }],
  ['claude-epic-1', { off: null, sampling: false }],
  // Another maker's model behind this wire.
  ['deepseek-v4-pro', { thinking: 'budget', sampling: true, forcedTools: true }],
])('%s: %j', (model, traits) => {
  expect(claudeTraits(model)).toMatchObject(traits);
});
