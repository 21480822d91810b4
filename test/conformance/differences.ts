import type { Difference } from './compare.js';

/** A difference from the official SDK that is meant. `docs/conformance.md` shows these rows. */
interface KnownDifference {
  /** Scenarios in which it shows. */
  readonly scenarios: readonly string[];
  /** Which places of an answer it covers; all of the scenario by default. */
  readonly at?: RegExp;
  /** Rules of docs/protocol that ask for it or allow it. */
  readonly rules: readonly string[];
  readonly reference: string;
  readonly ours: string;
}

const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    scenarios: ['S-015'],
    rules: ['GF-10'],
    reference: 'merges tool and model events from two queues, in no fixed order',
    ours: 'a tool’s events come after those that caused the call and before those of the next model call',
  },
  {
    scenarios: ['S-059'],
    rules: ['CX-8'],
    reference: 'a request right after a stop may be handled before the clean-up of the stopped turn',
    ours: 'the partial answer and the marker are stored first',
  },
  {
    scenarios: ['S-160'],
    rules: ['CC-1'],
    reference: 'two messages to one thread at once are answered side by side',
    ours: 'their turns run one after another',
  },
  {
    scenarios: ['S-107'],
    rules: ['WD-7'],
    reference: 'a widget property on one side only ends the stream with an error',
    ours: 'it is a difference: one `widget.root.updated`',
  },
  {
    scenarios: ['S-108'],
    at: /widget/,
    rules: ['WG-5', 'WG-6'],
    reference: 'a stored widget comes back without unknown properties and with action defaults added',
    ours: 'it comes back as it was given',
  },
  {
    scenarios: ['S-128'],
    rules: ['HD-1'],
    reference: 'hidden items leak through `thread.item.added` and `thread.item.replaced`',
    ours: 'they are filtered everywhere',
  },
  {
    scenarios: ['S-144'],
    rules: ['RQ-10', 'AT-6'],
    reference: 'an unknown or foreign attachment breaks a stream that has announced, and stored, an empty thread',
    ours: 'the request is refused with 404 before anything is stored',
  },
  {
    scenarios: ['S-163'],
    rules: ['CC-4'],
    reference: 'a stream writes back its whole copy of the thread and undoes a rename',
    ours: 'only the fields that changed are written',
  },
  {
    scenarios: ['S-073'],
    rules: ['RQ-12'],
    reference: 'retry of an unknown item answers an empty stream',
    ours: 'it is refused with 404',
  },
  {
    scenarios: ['S-113'],
    rules: ['ER-9'],
    reference: 'an action on an item that is not a widget answers a stream with one error event',
    ours: 'it is refused with 400',
  },
  {
    scenarios: ['S-064', 'S-131', 'S-132'],
    at: /events/,
    rules: ['EV-3'],
    reference: 'a tool’s change of the thread is announced after the next event, whatever that is',
    ours: 'it is announced when the tool has made it',
  },
  {
    scenarios: ['S-140', 'S-143', 'S-144'],
    at: /upload_descriptor\.method|^[24]: json/,
    rules: ['AT-1', 'AT-3'],
    reference: 'how files are uploaded, and what that answers, is the integration’s own; here POST and an empty object',
    ours: 'PUT, answered with the attachment',
  },
  {
    scenarios: ['S-164'],
    at: /events/,
    rules: ['CC-5'],
    reference: 'a turn whose thread is deleted continues until it would store something, and ends with an error',
    ours: 'it is stopped, and its open item is removed',
  },
  {
    scenarios: ['S-161'],
    at: /state/,
    rules: ['PG-2'],
    reference:
      'threads that are created at once are listed in the order in which they were stored, another in each run',
    ours: 'the same',
  },
];

const covers = (known: KnownDifference, { scenario, at }: Difference): boolean =>
  known.scenarios.includes(scenario) && (known.at?.test(at) ?? true);

/** Differences that no row speaks of. */
export const unexplained = (found: readonly Difference[]): Difference[] =>
  found.filter((one) => !KNOWN_DIFFERENCES.some((known) => covers(known, one)));

/** The rows of the table in docs/conformance.md. */
export const differencesTable = (): string[] =>
  KNOWN_DIFFERENCES.map(
    ({ scenarios, rules, reference, ours }) =>
      `| ${reference} | ${ours} | ${rules.join(', ')} | ${scenarios.join(', ')} |`,
  );
