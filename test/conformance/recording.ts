import { createPlayer, type PlayedAnswer, type PlayedCall, type Scenario } from '../protocol/replay/scenario.mjs';
import type { FakeProvider } from '../support/provider.js';
import type { Sent } from './official-sdk.js';

/** All answers of a server, by scenario and step: of a step that was repeated, the last. */
export type Recording = ReadonlyMap<string, ReadonlyMap<string, PlayedAnswer>>;

export interface Played {
  readonly recording: Recording;
  /** Every event and every JSON body of a request that was accepted, repeated ones too. */
  readonly sent: readonly (Sent & { readonly where: string })[];
}

/** Plays scenarios against a server, whether they hold or not (test/protocol asks that), and keeps what it answers. */
export async function record(url: string, provider: FakeProvider, scenarios: readonly Scenario[]): Promise<Played> {
  const recording = new Map<string, Map<string, PlayedAnswer>>();
  const sent: (Sent & { where: string })[] = [];
  const play = createPlayer({
    endpoint: `${url}/chatkit`,
    provider: provider.control,
    // The same on every server, so that what carries these names compares equal.
    namesOf: ({ id }) => ({ run: id, user_a: `${id}-a`, user_b: `${id}-b` }),
    onAnswer: (call) => {
      const steps = recording.get(call.scenario) ?? new Map<string, PlayedAnswer>();
      recording.set(call.scenario, steps.set(call.step, call.answer));
      sent.push(...sentBy(call));
    },
  });
  for (const scenario of scenarios) await play(scenario).catch(() => undefined);
  return { recording, sent };
}

function sentBy({ scenario, step, request, answer }: PlayedCall): (Sent & { where: string })[] {
  const where = `${scenario} step ${step}`;
  if (answer.contentType.startsWith('text/event-stream'))
    return answer.events.map((value) => ({ kind: 'event', value, where }));
  if (typeof request === 'string' || answer.status !== 200) return [];
  return [{ kind: request.type, value: answer.json, where }];
}
