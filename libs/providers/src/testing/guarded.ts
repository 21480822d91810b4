import { vi } from 'vitest';
import type { ProviderPolicies } from '../spec/policy-config.js';
import type { PolicyEvent } from '../policies/policy-event.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import { noAbort, say } from './prompts.js';
import { scriptedProvider, type Step } from './scripted-provider.js';

/** A registry's model whose scripted provider has these policies, with everything that is reported about its calls. */
export function guarded(policies: ProviderPolicies, ...scripts: (readonly Step[])[]) {
  const provider = scriptedProvider('p', { policies });
  provider.script(...scripts);
  const events: PolicyEvent[] = [];
  const attempts: ModelAttempt[] = [];
  const registry = createRegistry([provider], { onPolicyEvent: (event) => void events.push(event) });
  const model = registry.resolve('p/m');
  const call = { ...say('hello there'), report: (attempt: ModelAttempt) => void attempts.push(attempt) };
  const ask = (signal = noAbort()) => generate(model, call, signal);
  return { provider, events, attempts, model, call, ask };
}

/** Under fake timers: lets them run until it is settled. */
export async function eventually<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await vi.runAllTimersAsync();
  return promise;
}
