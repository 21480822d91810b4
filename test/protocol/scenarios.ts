import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineKind } from '../support/engines.js';
import type { FakeProvider } from '../support/provider.js';
import { type Relay, startRelay } from '../support/relay.js';
import type { Scenario } from './replay/scenario.mjs';

/** The wires on which the test profile reaches its model, and the config file of each. */
const CONFIG_FILES = { responses: 'chatkit.config.yaml', chat: 'chatkit.chat.config.yaml' } as const;

export type Wire = keyof typeof CONFIG_FILES;

/** What a wire has no words for: a scenario that needs it is left out there. */
const INEXPRESSIBLE: Readonly<Record<Wire, Readonly<Record<string, string>>>> = {
  responses: {},
  chat: { image: 'the chat wire knows no generated images' },
};

// oxlint-disable-next-line node/no-process-env -- the suite's own switch, read here and nowhere else
const configuredDir = process.env['CHATKIT_PROTOCOL_DIR'];
const protocolDir = configuredDir || fileURLToPath(new URL('../../../shared/protocol', import.meta.url));
const sequences = join(protocolDir, 'sequences.jsonl');
const configOf = (wire: Wire): string => fileURLToPath(new URL(`../profile/${CONFIG_FILES[wire]}`, import.meta.url));

/** The scenarios, which stand beside the checkout and are not part of the project; none where they are missing. */
export const scenarios: readonly Scenario[] = existsSync(sequences)
  ? readFileSync(sequences, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Scenario)
  : [];

/** Why the scenarios cannot be played on a wire; empty when they can. */
export function whyNotPlayed(wire: Wire): string {
  if (scenarios.length === 0) return `There are no protocol scenarios at ${sequences} (see CHATKIT_PROTOCOL_DIR).`;
  return existsSync(configOf(wire)) ? '' : `The test profile has no ${configOf(wire)}.`;
}

/** Why a scenario is left out on a wire; empty when it is played. */
export function whyLeftOut({ requires }: Scenario, wire: Wire): string {
  return requires.map((one) => INEXPRESSIBLE[wire][one] ?? '').find(Boolean) ?? '';
}

/** Starts the product with the test profile in front of the fake provider. */
export function startProfile(engine: EngineKind, wire: Wire, provider: FakeProvider): Promise<Relay> {
  const variables = { CHATKIT_CONFIG: configOf(wire), OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'sk-test' };
  return startRelay(engine, { variables });
}
