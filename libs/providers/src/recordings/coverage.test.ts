import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Format } from '../../../../test/support/recordings/expected.js';
import { OWN_RECORDINGS } from '../../../../test/support/recordings/folders.js';
import { play } from '../../../../test/support/recordings/outcome.js';
import { loadRecordings } from '../../../../test/support/recordings/recording.js';
import { playersOf } from '../../../../test/support/recordings/wires.js';
import { type ReplayServer, startReplayServer } from '../../../../test/support/replay-server/server.js';
import { type ProviderErrorCode, RETRYABLE } from '../spec/provider-error.js';
import type { FinishReason, StreamPart } from '../spec/stream-part.js';

// A plain clone must prove every adapter: whatever the specification can say is said by a recording of our own, for each format,
// unless it stands here as something that this format cannot say.

type Part = StreamPart['type'];
type Finish = FinishReason['unified'];
type Word = `part ${Part}` | `finish ${Finish}` | `error ${ProviderErrorCode}`;

// Records, so that the compiler asks for a new part or reason.
const PARTS: Readonly<Record<Part, true>> = {
  'text-start': true,
  'text-delta': true,
  'text-end': true,
  'reasoning-start': true,
  'reasoning-delta': true,
  'reasoning-end': true,
  'reasoning-replay': true,
  'tool-call-start': true,
  'tool-call-delta': true,
  'tool-call-end': true,
  'image-start': true,
  'image-preview': true,
  'image-end': true,
  'image-failed': true,
  source: true,
  discard: true,
  usage: true,
  warning: true,
  finish: true,
};
const FINISHES: Readonly<Record<Finish, true>> = {
  stop: true,
  length: true,
  tool_calls: true,
  content_filter: true,
  pause: true,
  error: true,
  other: true,
};

const WORDS: readonly Word[] = [
  ...(Object.keys(PARTS) as Part[]).map((part) => `part ${part}` as const),
  ...(Object.keys(FINISHES) as Finish[]).map((finish) => `finish ${finish}` as const),
  ...(Object.keys(RETRYABLE) as ProviderErrorCode[]).map((code) => `error ${code}` as const),
];

/** Written by fallback chains, which stand above all adapters, or by modules: an adapter throws for an answer that has failed. */
const NO_ADAPTER: readonly Word[] = [
  'part discard',
  'error module_failed',
  'error circuit_open',
  'error all_failed',
  'finish error',
];
const NO_IMAGES: readonly Word[] = ['part image-start', 'part image-preview', 'part image-end', 'part image-failed'];
/** Anthropic counts while it answers; the others, but for this one, when an answer has failed. */
const NO_COUNT_BEFORE_THE_END: readonly Word[] = ['part usage'];
const NO_THOUGHTS: readonly Word[] = [
  'part reasoning-start',
  'part reasoning-delta',
  'part reasoning-end',
  'part reasoning-replay',
];
const NO_TOOLS: readonly Word[] = ['part tool-call-start', 'part tool-call-delta', 'part tool-call-end'];

/** What a format has no words for. */
const CANNOT: Readonly<Record<Format, readonly Word[]>> = {
  'openai-chat': [...NO_IMAGES, 'finish pause'],
  // A response that calls tools is completed, as any other; one that fails ends in an error.
  'openai-responses': ['finish tool_calls', 'finish pause'],
  'anthropic-messages': [...NO_IMAGES],
  // Its lists of errors and reasons know neither.
  'cohere-v2-chat': [...NO_IMAGES, 'finish pause', 'error overloaded'],
  'ollama-chat': [
    ...NO_IMAGES,
    'part source',
    // Calls end with `stop`, and nothing is filtered.
    'finish tool_calls',
    'finish content_filter',
    'finish pause',
    'error content_filtered',
    // Says 503 for both, and waits as long as it takes.
    'error overloaded',
    'error timeout',
  ],
  'hf-tgi': [
    ...NO_IMAGES,
    ...NO_COUNT_BEFORE_THE_END,
    ...NO_THOUGHTS,
    ...NO_TOOLS,
    'part source',
    'finish tool_calls',
    'finish content_filter',
    'finish pause',
    'error content_filtered',
    'error timeout',
  ],
};

const recordings = loadRecordings(OWN_RECORDINGS);
const said = new Map<Format, Set<Word>>();
let server: ReplayServer;

beforeAll(async () => {
  server = await startReplayServer(recordings);
  for (const recording of recordings) {
    const words = said.get(recording.format) ?? new Set();
    for (const word of await wordsOf(recording)) words.add(word);
    said.set(recording.format, words);
  }
});
afterAll(() => server.close());

async function wordsOf(recording: (typeof recordings)[number]): Promise<Word[]> {
  const [player] = playersOf(recording);
  const { parts, error } = await play(server.url, recording, player!);
  const finish = parts.find((part) => part.type === 'finish');
  return [
    ...parts.map(({ type }) => `part ${type}` as const),
    ...(finish ? [`finish ${finish.reason.unified}` as const] : []),
    ...(error ? [`error ${error.code}` as const] : []),
  ];
}

it.each(Object.entries(CANNOT) as [Format, readonly Word[]][])(
  '%s: all that can be said is recorded',
  (format, cannot) => {
    const not = new Set([...NO_ADAPTER, ...cannot]);
    const missing = WORDS.filter((word) => !not.has(word) && !said.get(format)?.has(word));
    expect(missing).toEqual([]);
    expect([...not].filter((word) => said.get(format)?.has(word))).toEqual([]);
  },
);

const kindOf = ({ encoding, expected: { status } }: (typeof recordings)[number]) =>
  status >= 400 ? 'error' : encoding === 'json' ? 'body' : 'stream';

it.each([...new Set(recordings.map(({ wire }) => wire))])(
  '%s has an answer as a stream, one in a body, and an error',
  (wire) => {
    const kinds = recordings.filter((recording) => recording.wire === wire).map(kindOf);
    expect([...new Set(kinds)].toSorted()).toEqual(['body', 'error', 'stream']);
  },
);
