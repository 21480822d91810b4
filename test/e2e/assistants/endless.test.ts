import { describe, expect, it } from 'vitest';
import { addMessage, doneItems, textOf, threadIdOf, until } from '../../support/chat.js';
import { useStage } from './support/stage.js';

const stage = useStage('postgres', 'test/e2e/assistants/modules/endless.config.yaml');
const TOO_LONG = {
  type: 'error',
  code: 'custom',
  message: 'The answer took too long and was stopped. Please try again.',
};

describe('a run that does not end by itself', () => {
  it.each([
    ['a tool that never returns', 'Hello', [{ tool_call: { name: 'hang', arguments: {} } }]],
    ['code that waits for nothing', 'never', []],
    ['code that emits without a pause, refused or not', 'insist', []],
    ['a generator that yields without a pause', 'yield', []],
  ])('ends at its deadline: %s', async (_, text, scripts) => {
    const answer = await stage.begin('endless', text, scripts);
    expect(answer.events.at(-1)).toMatchObject(TOO_LONG);
    const threadId = threadIdOf(answer);
    expect(await stage.settled(threadId)).toMatchObject({ state: 'failed', error_code: 'run.deadline' });
    await stage.provider.script([{ text: 'There you are.' }]);
    expect(
      textOf(doneItems((await stage.ask('endless', addMessage(threadId, 'And now?'))).events, 'assistant_message')[0]),
    ).toBe('There you are.');
  });

  it('ends where nobody reads', async () => {
    const answer = await stage.begin('endless', 'never', [], {
      onEvents: (_, request) => request.destroy(),
      headers: { 'chatkit-relay-client': '1' },
    });
    expect(await stage.settled(threadIdOf(answer))).toMatchObject({ state: 'failed', error_code: 'run.deadline' });
  });

  it('writes nothing more once it is over', async () => {
    const threadId = threadIdOf(await stage.begin('endless', 'late', []));
    await until('the code comes back', 15_000, async () => stage.log().includes('the late write'));
    expect(stage.log()).toMatch(/left behind: it can write nothing more/);
    expect(await stage.relay.query('SELECT title FROM threads WHERE id = $1', [threadId])).toEqual([{ title: null }]);
  });
});
