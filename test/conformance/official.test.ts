import { beforeAll, describe, expect, it } from 'vitest';
import { scenarios, startProfile } from '../protocol/scenarios.js';
import { startProvider } from '../support/provider.js';
import { compareRecordings } from './compare.js';
import { unexplained } from './differences.js';
import { installOfficialSdk } from './install.js';
import { readAsOfficial, startReferenceServer } from './official-sdk.js';
import { type Played, record } from './recording.js';

const PLAYED_WITHIN_MS = 300_000;

const sdk = installOfficialSdk();
const python = 'python' in sdk ? sdk.python : '';
const sdkMissing = 'missing' in sdk ? sdk.missing : '';
if (sdkMissing) console.warn(`The comparison with the official SDK is skipped. ${sdkMissing}`);

const thread = { id: 'thr_1', created_at: '2026-01-01T00:00:00.120Z', status: { type: 'active' }, metadata: {} };
const page = { data: [], has_more: false };

describe.skipIf(sdkMissing)('reading with the official types (skipped without Python and the package)', () => {
  it('accepts an event in our notation of time', () => {
    const value = { type: 'thread.created', thread: { ...thread, items: page } };
    expect(readAsOfficial(python, [{ kind: 'event', value }])).toEqual([[]]);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['an unknown event', 'event', { type: 'thread.item.invented' }, /refuses/],
    ['an unknown key', 'event', { type: 'progress_update', text: 'x', colour: 'red' }, /does not know/],
    ['a null in a modelled field', 'event', { type: 'progress_update', text: 'x', icon: null }, /does not know/],
    ['an omitted default', 'event', { type: 'client_effect', name: 'x' }, /always writes this key/],
    ['a number as a string', 'event', { type: 'progress_update', text: 7 }, /refuses/],
    ['another time', 'threads.update', { ...thread, created_at: 'yesterday', items: page }, /refuses/],
    ['a body that should be empty', 'threads.delete', { deleted: true }, /refuses/],
    ['an unknown icon', 'event', { type: 'progress_update', text: 'x', icon: 'nothing' }, /refuses/],
  ])('finds %s', (_, kind, value, why) => {
    const [found = []] = readAsOfficial(python, [{ kind, value }]);
    expect(found[0]).toMatch(why);
  });
});

describe.skipIf(sdkMissing)('beside the official SDK (skipped without it)', () => {
  let reference: Played;
  let ours: Played;

  beforeAll(async () => {
    [reference, ours] = await Promise.all([playReference(), playOurs()]);
  }, PLAYED_WITHIN_MS);

  it('the types of the SDK read and write every event and body alike', () => {
    const findings = readAsOfficial(python, ours.sent);
    const wrong = findings.flatMap((found, i) => found.map((one) => `${ours.sent[i]?.where}${one}`));
    expect(wrong).toEqual([]);
    expect(ours.sent.length).toBeGreaterThan(1000);
  });

  it('the answers are the same, but for the differences that docs/conformance.md justifies', () => {
    expect(unexplained(compareRecordings(reference.recording, ours.recording))).toEqual([]);
  });
});

async function playReference(): Promise<Played> {
  const provider = await startProvider();
  const server = await startReferenceServer(python, provider.url);
  try {
    return await record(server.url, provider, scenarios);
  } finally {
    await server.stop();
    await provider.close();
  }
}

async function playOurs(): Promise<Played> {
  const provider = await startProvider();
  const relay = await startProfile('postgres', 'responses', provider);
  try {
    return await record(relay.url, provider, scenarios);
  } finally {
    await relay.stop();
    await provider.close();
  }
}
