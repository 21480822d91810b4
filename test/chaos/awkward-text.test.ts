import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { applyEvent, emptyThread, parseFrames } from '#chatkit';
import { followRun } from '../api/support/run-routes.js';
import {
  addMessage,
  createThread,
  deltasOf,
  doneItems,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  type WireItem,
} from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';

const TOOLS = fileURLToPath(new URL('../e2e/assistants/modules/chatkit.config.yaml', import.meta.url));
const MEGABYTE = 'Ω😀 "quoted" \\ \u2028 and plain. '.repeat(32 * 1024);
const inPieces = (text: string, size: number): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];

interface Awkward {
  readonly deltas: readonly string[];
  /** What is shown and stored, where it is something else than the deltas joined. */
  readonly shown?: string;
}

const ANSWERS: Record<string, Awkward> = {
  'NUL bytes': { deltas: ['before\0', '\0', 'after'] },
  'nothing but a NUL byte': { deltas: ['\0'] },
  'characters cut into their halves': { deltas: ['a \ud83d', '\ude00 b \ud83d', '\ude00'] },
  'halves whose other one never comes': { deltas: ['\ude00a \ud83d', ' b ', '\ude00 c', '\ud83d'] },
  'a megabyte at once': { deltas: [MEGABYTE] },
  'a megabyte in pieces': { deltas: inPieces(MEGABYTE, 10_007) },
};

describe.each(engineKinds)('text that no wire likes, on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 2, variables: { CHATKIT_CONFIG: TOOLS } });

  const other = (): string => String(relay.apis[1]?.ready['url']);
  const itemsOf = async (threadId: string) => (await postJson<{ data: WireItem[] }>(other(), listItems(threadId))).data;

  it.each(Object.entries(ANSWERS))(
    'an answer with %s is shown as it is stored, to those who come late as well, and the talk goes on',
    async (_name, { deltas, shown = deltas.join('') }) => {
      const awkward = { text: deltas.join(''), deltas, split_surrogates: true };
      await provider.script([{ ...awkward, reasoning: [deltas.slice(0, 8)] }, { text: 'Fine.' }]);
      const answer = await post(relay.url, createThread('Go'));
      expect([answer.status, answer.complete]).toEqual([200, true]);
      expect(answer.events.filter(({ type }) => type === 'error')).toEqual([]);
      const [message, ...more] = doneItems(answer.events, 'assistant_message');
      expect([textOf(message) === shown, more]).toEqual([true, []]);
      expect(deltasOf(answer.events).join('') === shown).toBe(true);

      const late = parseFrames(await followRun(other(), String(answer.headers['chatkit-run-id'])));
      const seenLate = late.reduce(applyEvent, emptyThread).items as unknown as WireItem[];
      expect(seenLate.map((item) => item.type)).toContain('assistant_message');
      const items = await itemsOf(threadIdOf(answer));
      for (const seen of [seenLate, items]) {
        expect(textOf(seen.find(({ type }) => type === 'assistant_message')) === shown).toBe(true);
      }
      const next = await post(other(), addMessage(threadIdOf(answer), 'And on'));
      expect(deltasOf(next.events).join('')).toBe('Fine.');
      // A megabyte is more than the model's window holds.
      if (shown.length > 1_000) return;
      const [, prompt] = await provider.calls();
      expect(JSON.stringify(prompt?.input)).toContain(JSON.stringify(shown));
    },
  );

  it('a tool’s arguments and a person’s own words may hold them too', async () => {
    const words = 'a\0b \ud83d c';
    await provider.script([
      { tool_call: { name: 'again', arguments: { text: words } } },
      { text: 'Called.', when: { input_contains: 'again' } },
      { text: 'Fine.' },
    ]);
    const answer = await post(relay.url, createThread(words), { query: '?assistant=tools' });
    expect(deltasOf(answer.events).join('')).toBe('Called.');
    const items = await itemsOf(threadIdOf(answer));
    expect(textOf(items[0])).toBe(words);
    const next = await post(other(), addMessage(threadIdOf(answer), 'And on'), { query: '?assistant=tools' });
    expect(deltasOf(next.events).join('')).toBe('Fine.');
  });

  it('a provider’s error may, and ends the run in words', async () => {
    await provider.script([{ error: { status: 400, message: 'no\0pe \ud83d', code: 'b\0d' } }]);
    const answer = await post(relay.url, createThread('Go'));
    expect(answer.events.at(-1)?.type).toBe('error');
    const [run] = await relay.query<{ state: string; error_detail: string }>(
      `SELECT state, error_detail FROM runs WHERE id = $1`,
      [answer.headers['chatkit-run-id']],
    );
    expect(run?.state).toBe('failed');
    expect(run?.error_detail).toContain('nope');
  });
});
