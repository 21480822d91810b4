import { expect, it } from 'vitest';
import { type PolicyEvent, ProviderError } from '#providers';
import { Metrics } from '#runtime';
import { ModelLabels } from './model-labels.js';
import { ModelMetrics } from './model-metrics.js';

const error = new ProviderError('unavailable', { ref: { provider: 'nobody', model: 'm' }, detail: '' });

it.each<[PolicyEvent, string]>([
  [{ type: 'state_unreachable', error: new Error('away') }, 'chatkit_relay_policy_state_unreachable_total 1'],
  [
    { type: 'retry', error, attempt: 1, waitMs: 1 } as PolicyEvent,
    'chatkit_relay_provider_retries_total{provider="other",model="other",code="unavailable"} 1',
  ],
])('%j is counted', async (event, sample) => {
  const metrics = new Metrics();
  const counted = new ModelMetrics(metrics, new ModelLabels({ providers: [], names: {}, defaultModel: undefined }));
  expect(await metrics.text()).not.toContain(sample);
  counted.policyEvent(event);
  expect(await metrics.text()).toContain(sample);
});
