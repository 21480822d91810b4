import { expect, it } from 'vitest';
import type { Feature } from '../spec/feature.js';
import { stripBody } from './strip-body.js';

it.each<readonly [Feature, object, object]>([
  ['tools', { tools: [{}], toolChoice: 'REQUIRED', strictTools: true, p: 1 }, { p: 1 }],
  ['reasoning', { options: { thinking: { type: 'enabled' }, k: 1 } }, { options: { k: 1 } }],
  ['top_k', { k: 1, options: { k: 2 } }, { options: {} }],
  ['temperature', { temperature: 1, options: { temperature: 1, seed: 2 } }, { options: { seed: 2 } }],
  ['top_p', { parameters: { top_p: 1 } }, {}],
  ['reasoning_summary', { reasoning: { effort: 'low', summary: 'auto' } }, { reasoning: { effort: 'low' } }],
  ['reasoning_summary', { thinking: { type: 'adaptive', display: 'x' } }, { thinking: { type: 'adaptive' } }],
  ['reasoning', { output_config: { effort: 'low', format: 1 }, think: true }, { output_config: { format: 1 } }],
  ['max_tokens_field', { max_tokens: 5 }, { max_completion_tokens: 5 }],
  ['max_tokens_field', { max_completion_tokens: 5 }, { max_tokens: 5 }],
  ['strict_tools', { tools: [{ function: { name: 'f', strict: true } }] }, { tools: [{ function: { name: 'f' } }] }],
  ['strict_tools', { tools: [{ name: 'f', strict: true }] }, { tools: [{ name: 'f', strict: false }] }],
  ['encrypted_reasoning', { include: ['reasoning.encrypted_content', 'x'] }, { include: ['x'] }],
  ['encrypted_reasoning', { include: ['reasoning.encrypted_content'] }, {}],
  ['response_format', { text: { format: {}, verbosity: 'low' } }, { text: { verbosity: 'low' } }],
])('%s: %j becomes %j, with a warning', (feature, body, left) => {
  const before = structuredClone(body);
  const stripped = stripBody(body, [feature]);
  expect(stripped).toEqual({ body: left, warnings: [expect.objectContaining({ setting: feature }) as unknown] });
  expect(body).toEqual(before);
});

it.each<readonly [Feature, unknown]>([
  ['temperature', { top_p: 1, options: 'x' }],
  ['strict_tools', { tools: [{ name: 'f', strict: false }, 'x'] }],
  ['images', { temperature: 1 }],
  ['temperature', 'no object'],
])('%s: %j stays as it is', (feature, body) => {
  const stripped = stripBody(body, [feature]);
  expect(stripped).toEqual({ body, warnings: [] });
  expect(stripped.body).toBe(body);
});
