import { fileURLToPath } from 'node:url';
import type { EngineKind } from '../support/engines.js';
import type { FakeProvider } from '../support/provider.js';
import { type Relay, startRelay } from '../support/relay.js';
import { loadScenarios } from './replay/load-scenarios.mjs';
import type { Scenario } from './replay/scenario.mjs';

/** The wires on which the test profile reaches its model, and the config file of each. */
const CONFIG_FILES = { responses: 'chatkit.config.yaml', chat: 'chatkit.chat.config.yaml' } as const;

export type Wire = keyof typeof CONFIG_FILES;

/** What a wire cannot express: a scenario that needs it is left out there. */
const INEXPRESSIBLE: Readonly<Record<Wire, Readonly<Record<string, string>>>> = {
  responses: {},
  chat: { image: 'chat completions have no generated images' },
};

export const scenarios: readonly Scenario[] = loadScenarios();

/** Why a scenario is left out on a wire; empty when it is played. */
export function whyLeftOut({ requires }: Scenario, wire: Wire): string {
  return requires.map((one) => INEXPRESSIBLE[wire][one] ?? '').find(Boolean) ?? '';
}

/** Starts the product with the test profile in front of the fake provider. */
export function startProfile(engine: EngineKind, wire: Wire, provider: FakeProvider): Promise<Relay> {
  const config = fileURLToPath(new URL(`../profile/${CONFIG_FILES[wire]}`, import.meta.url));
  const variables = { CHATKIT_CONFIG: config, OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'sk-test' };
  return startRelay(engine, { variables });
}
