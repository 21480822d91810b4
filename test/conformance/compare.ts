import { isDeepStrictEqual } from 'node:util';
import type { Played } from './recording.js';
import { createNormaliser, type NormalAnswer } from './normalise.js';

export interface Difference {
  readonly scenario: string;
  /** `<step>: <path>`, such as `2.state.1: json.data.0.title`. */
  readonly at: string;
  readonly reference: unknown;
  readonly ours: unknown;
}

type Answers = Played['recording'];

/** What two servers answered differently, scenario by scenario. */
export function compareRecordings(reference: Answers, ours: Answers): Difference[] {
  return [...new Set([...reference.keys(), ...ours.keys()])].flatMap((scenario) => {
    const [a, b] = [normalised(reference, scenario), normalised(ours, scenario)];
    return [...new Set([...a.keys(), ...b.keys()])].flatMap((step) =>
      compareAnswers(a.get(step), b.get(step)).map(([path, one, other]) => ({
        scenario,
        at: `${step}: ${path}`,
        reference: one,
        ours: other,
      })),
    );
  });
}

function normalised(answers: Answers, scenario: string): Map<string, NormalAnswer> {
  const normalise = createNormaliser();
  // Steps in the order of the scenario: those that run side by side may have ended in any order.
  const steps = [...(answers.get(scenario) ?? [])].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return new Map(steps.map(([step, answer]) => [step, normalise(answer)]));
}

type Row = readonly [path: string, reference: unknown, ours: unknown];

function compareAnswers(reference: NormalAnswer | undefined, ours: NormalAnswer | undefined): Row[] {
  if (reference?.kind !== ours?.kind) return [['answer', reference?.kind ?? 'not asked', ours?.kind ?? 'not asked']];
  if (!reference || !ours) return [];
  const [a, b] = [reference.events.map(nameOf), ours.events.map(nameOf)];
  if (!isDeepStrictEqual(a, b)) return [['events', a.join(', '), b.join(', ')]];
  return [
    ...compareValues(reference.events, ours.events, 'events'),
    ...compareValues(reference.json, ours.json, 'json'),
  ];
}

function nameOf(event: unknown): string {
  const { type, update, item } = event as { type: string; update?: { type: string }; item?: { type: string } };
  return [type, update?.type ?? item?.type].filter(Boolean).join(' ');
}

function compareValues(reference: unknown, ours: unknown, path: string): Row[] {
  if (isDeepStrictEqual(reference, ours)) return [];
  const [a, b] = [entriesOf(reference), entriesOf(ours)];
  if (!a || !b) return [[path, reference, ours]];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) =>
    compareValues(a.get(key), b.get(key), `${path}.${key}`),
  );
}

function entriesOf(value: unknown): Map<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}
