import { expect, it } from 'vitest';
import { addMessage, doneItems, listItems, postJson, textOf, threadIdOf, type WireItem } from '../../support/chat.js';
import { useStage } from './support/stage.js';

const stage = useStage('postgres', 'test/e2e/assistants/modules/chatkit.config.yaml');

type Dated = WireItem & { readonly created_at: string };

const CHOSEN = { 'long ago': '2020-02-29T12:00:00.000001Z', saved: '2021-01-01T00:00:00.654321Z' };

it('times that an assistant chooses are kept to the microsecond: in the stream, after a reload, and in its history', async () => {
  const first = await stage.begin('dated', 'Hello', []);
  const threadId = threadIdOf(first);
  const shown = doneItems(first.events, 'assistant_message') as Dated[];
  expect(shown[0]?.created_at).toBe(CHOSEN['long ago']);
  const { data } = await postJson<{ data: Dated[] }>(stage.relay.url, listItems(threadId));
  const byText = Object.fromEntries(data.map((item) => [textOf(item), item.created_at]));
  expect(byText).toMatchObject(CHOSEN);
  // Those that it does not choose come one after the other, by the server's clock.
  const ours = data.filter((item) => !(textOf(item) in CHOSEN)).map(({ created_at }) => created_at);
  expect(ours).toEqual(ours.toSorted());
  expect(Date.parse(ours[0] ?? '')).toBeGreaterThan(Date.now() - 60_000);

  const second = await stage.ask('dated', addMessage(threadId, 'Again'));
  const read = JSON.parse(textOf(doneItems(second.events, 'assistant_message')[1])) as string[];
  const question = doneItems(second.events, 'user_message')[0] as Dated;
  // What is saved beside the turn is no part of it: a prompt has it after the turn.
  const expected = [...data.map(({ created_at }) => created_at), question.created_at, question.created_at];
  expect(read.toSorted()).toEqual(expected.toSorted());
});
