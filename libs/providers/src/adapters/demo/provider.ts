import type { Provider } from '../../spec/provider.js';
import { ProviderError } from '../../spec/provider-error.js';
import { DemoModel } from './model.js';
import { type Sleep, sleep as realSleep } from '../../timing/sleep.js';

const MODEL = 'demo';

/** The built-in provider that needs no key and says that it is a demo; `script.ts` lists what messages can make it do. */
export function createDemoProvider(id = 'demo', sleep: Sleep = realSleep): Provider {
  const capabilities = new Set(['chat', 'generate', 'stream', 'tools'] as const);
  return {
    id,
    name: 'Demo',
    capabilities,
    defaultModel: MODEL,
    models: [MODEL],
    keyConfig: { required: false, label: 'No key', where: 'Nothing to get: it is built in.' },
    model(model) {
      const ref = { provider: id, model };
      if (model === MODEL) return new DemoModel(ref, capabilities, sleep);
      throw new ProviderError('model_unknown', { ref, detail: `the demo provider has one model, ${MODEL}` });
    },
    listModels: async () => [{ id: MODEL }],
    healthCheck: async () => ({ ok: true, latencyMs: 0 }),
  };
}
