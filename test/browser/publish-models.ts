import type { Relay } from '../support/relay.js';

/** As a worker does that offers these models of the provider `openai`; the first one answers by default. */
export async function publishModels(relay: Relay, defaultModel: string, ...others: readonly string[]): Promise<void> {
  const provider = { id: 'openai', name: 'OpenAI', defaultModel, models: [defaultModel, ...others] };
  const payload = JSON.stringify({ defaultModel: `openai/${defaultModel}`, providers: [provider] });
  // Newer than whatever the real worker publishes during the test.
  await relay.query(
    `INSERT INTO catalogues (worker_id, payload, published_at) VALUES ('test', $1, now() + interval '1 hour')`,
    [payload],
  );
}
