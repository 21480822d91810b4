import { expect, it } from 'vitest';
import { type ModelAttempt, type PolicyEvent, ProviderError } from '#providers';
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

const aside = (code: string): string => `chatkit_relay_provider_keys_set_aside_total{provider="p",code="${code}"}`;

it('a refused key is counted from zero, also where it is the only one, and apart from a limit that a key has reached', async () => {
  const metrics = new Metrics();
  const providers = [{ id: 'p', defaultModel: 'a/b' }];
  const counted = new ModelMetrics(metrics, new ModelLabels({ providers, names: {}, defaultModel: undefined }));
  const errors = 'chatkit_relay_provider_errors_total{provider="p",model="a/b",code="bad_key"}';
  const zero = [`${errors} 0`, `${aside('bad_key')} 0`, `${aside('rate_limited')} 0`];
  for (const sample of zero) expect(await metrics.text()).toContain(sample);
  const ref = { provider: 'p', model: 'a/b' };
  const refused = new ProviderError('bad_key', { ref, detail: '' });
  counted.attempt({ ref, outcome: 'failed', error: refused, usage: {}, durationMs: 1 } as ModelAttempt);
  const limited = new ProviderError('rate_limited', { ref, detail: '' });
  counted.policyEvent({ type: 'key_set_aside', provider: 'p', key: 'k', forMs: 1, error: limited });
  const text = await metrics.text();
  for (const sample of [`${errors} 1`, `${aside('bad_key')} 0`, `${aside('rate_limited')} 1`])
    expect(text).toContain(sample);
});
