import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineKind } from '../support/engines.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import type { Relay } from '../support/relay.js';
import { createPlayer, type Scenario } from './replay/scenario.mjs';
import { scenarios, startProfile, whyLeftOut, type Wire } from './scenarios.js';

const SCENARIO_WITHIN_MS = 60_000;

const setups: readonly (readonly [wire: Wire, engine: EngineKind])[] = [
  ...oneEngine('redis').map((engine) => ['responses', engine] as const),
  // The engines know nothing of wires: one of them is enough here.
  ['chat', 'postgres'],
];

for (const wire of ['responses', 'chat'] as const) {
  for (const scenario of scenarios) {
    const reason = whyLeftOut(scenario, wire);
    if (reason) console.warn(`${scenario.id} is not played on the ${wire} wire: ${reason}.`);
  }
}

// One after another: the fake provider has one queue of scripts.
describe.each(setups)('protocol scenarios, %s wire, %s engine', (wire, engine) => {
  const played = scenarios.filter((scenario) => !whyLeftOut(scenario, wire));
  const provider = useProvider();
  let relay: Relay;
  let play: (scenario: Scenario) => Promise<void>;
  beforeAll(async () => {
    relay = await startProfile(engine, wire, provider);
    play = createPlayer({ endpoint: `${relay.url}/chatkit`, provider: provider.control });
  });
  afterAll(async () => {
    await relay?.stop();
  });

  it.each(played.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
    '%s %s',
    async (_id, _title, scenario) => {
      await expect(play(scenario)).resolves.toBeUndefined();
    },
    SCENARIO_WITHIN_MS,
  );
});
