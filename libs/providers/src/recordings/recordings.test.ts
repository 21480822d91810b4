import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observed, said, wanted, wantedSaid } from '../../../../test/support/recordings/compare.js';
import { contradictions } from '../../../../test/support/recordings/contradictions.js';
import { type EndFrame, endFrameOf } from '../../../../test/support/recordings/end-frame.js';
import { expectedFailure } from '../../../../test/support/recordings/expected-failure.js';
import type { ExpectedFailure } from '../../../../test/support/recordings/expected.js';
import { sharedRecordings } from '../../../../test/support/recordings/folders.js';
import { type Outcome, play } from '../../../../test/support/recordings/outcome.js';
import { allRecordings, type Recording } from '../../../../test/support/recordings/recording.js';
import { type Player, playersOf } from '../../../../test/support/recordings/wires.js';
import type { Warning } from '../spec/stream-part.js';
import { type ReplayServer, startReplayServer } from '../../../../test/support/replay-server/server.js';

/** A recording with one of the providers that must understand it; `title` begins with `<wire>/<name>`. */
interface Played {
  readonly title: string;
  readonly recording: Recording;
  readonly player: Player;
  readonly failure: ExpectedFailure | undefined;
  /** Of a stream that comes to its end. */
  readonly end: EndFrame | undefined;
}

const played: readonly Played[] = allRecordings().flatMap((recording) => {
  const failure = expectedFailure(recording);
  const end = failure === undefined && recording.encoding !== 'json' ? endFrameOf(recording) : undefined;
  return playersOf(recording).map((player) => ({ title: recording.id + player.name, recording, player, failure, end }));
});
const answers = played.filter(({ recording }) => recording.expected.status < 400);
const streams = answers.filter(({ recording }) => recording.encoding !== 'json');
const complete = streams.flatMap((one) => (one.end ? [{ ...one, end: one.end }] : []));

/** Ways of the network and of proxies with a stream, which change nothing of the answer; see the replay server's knobs. */
const NETWORK = [
  'split=bytes',
  'split=bytes&seed=7',
  'split=utf8',
  'crlf=1',
  'crlf=1&split=bytes',
  'ping=1',
  'bom=1',
  'gzip=1',
  'garbage=1&garbage_kind=comment',
];

if (!sharedRecordings()) {
  const how = 'set CHATKIT_RECORDINGS_DIR to a folder of <wire>/<name>.expected.json';
  process.stderr.write(
    `Only the recordings of the repository are played; to play those of real servers as well, ${how}.\n`,
  );
}

let server: ReplayServer;
beforeAll(async () => {
  server = await startReplayServer();
});
afterAll(() => server.close());

const outcomeOf = ({ recording, player }: Played, knobs?: string): Promise<Outcome> =>
  play(server.url, recording, player, knobs);

const codeOf = ({ error }: Outcome) => [error?.code, error?.retryable];

it.each(played)('$title is what its expectation says', ({ recording, failure }) => {
  expect(contradictions(recording, failure !== undefined)).toEqual([]);
});

it.each(played)('$title', async (one) => {
  expect(observed(await outcomeOf(one), one)).toEqual(wanted(one));
});

describe.each(NETWORK)('with %s', (knobs) => {
  it.each(streams)('$title', async (one) => {
    expect(observed(await outcomeOf(one, knobs), one)).toEqual(wanted(one));
  });
});

describe.each(['split=bytes', 'gzip=1'])('in one body, with %s', (knobs) => {
  it.each(answers.filter(({ recording }) => recording.encoding === 'json'))('$title', async (one) => {
    expect(observed(await outcomeOf(one, knobs), one)).toEqual(wanted(one));
  });
});

// Several servers leave [DONE] out; whatever says why the answer ends is as good an end.
const withReason = complete.filter(({ recording }) => recording.expected.finish_reason !== null);
it.each(withReason)('$title without [DONE] is whole', async (one) => {
  expect(observed(await outcomeOf(one, 'nodone=1'), one)).toEqual(wanted(one));
});

it.each(complete.filter(({ end }) => end.index > 0))('$title cut off before its end is truncated', async (one) => {
  for (const cut of new Set([1, one.end.index])) {
    expect(codeOf(await outcomeOf(one, `cut=${cut}`))).toEqual(['stream_truncated', true]);
  }
});

it.each(complete.filter(({ end }) => !end.isLast))('$title cut off behind its end is whole', async (one) => {
  const outcome = await outcomeOf(one, `cut=${one.end.index + 1}`);
  expect(outcome.error).toBeUndefined();
  expect(said(outcome)).toEqual(wantedSaid(one.recording.expected));
});

it.each(complete)('$title cut off within its last frame is no answer', async (one) => {
  expect(codeOf(await outcomeOf(one, `trunc=${one.end.bytesFromWithin}`))).toEqual(['malformed_response', true]);
});

it.each(complete)('$title reset before any byte is unavailable', async (one) => {
  expect(codeOf(await outcomeOf(one, 'cut=0&reset=1'))).toEqual(['unavailable', true]);
});

describe.each([
  ['that is no JSON', 'json'],
  ['it does not know', 'unknown'],
])('a frame %s', (_, kind) => {
  it.each(complete)('is skipped and counted: $title', async (one) => {
    const outcome = await outcomeOf(one, `garbage=${Math.min(one.end.index, 2)}&garbage_kind=${kind}`);
    expect(observed(outcome, one)).toEqual(wanted(one, [skipped(one)]));
  });
});

/** One more than in the recording. */
function skipped({ recording }: Played): Warning {
  const own = recording.expected.warnings?.flatMap((warning) => ('count' in warning ? [warning.count] : [])) ?? [];
  const count = own.reduce((sum, more) => sum + more, 1);
  return { code: 'unknown_frames', count, detail: 'frames of unknown shape were skipped' };
}

const LABELS = ['text/html', 'text/plain', 'application/json', 'application/octet-stream'];
describe.each(LABELS)('labelled %s', (label) => {
  it.each(complete)('$title is read for what it is', async (one) => {
    expect(observed(await outcomeOf(one, `ctype=${encodeURIComponent(label)}`), one)).toEqual(wanted(one));
  });
});
