import { describe, expect, it } from 'vitest';
import { deltasOf, threadIdOf } from '../../support/chat.js';
import { story, useStage } from './support/stage.js';

const stage = useStage('postgres', 'test/e2e/assistants/modules/chatkit.config.yaml');

/** Asks for a tool, and kills the worker while it runs. */
async function killedIn(tool: string) {
  let killed: Promise<unknown> | undefined;
  const worker = stage.relay.workers.at(-1);
  const answer = await stage.begin('tools', 'Go', [{ text: 'Working.', tool_call: { name: tool } }, ...SECOND], {
    onEvents: (events) => {
      if (!events.some(({ type }) => type === 'progress_update')) return;
      killed ??= worker?.kill('SIGKILL').then(() => stage.relay.startWorker());
    },
  });
  await killed;
  const begun = answer.events.filter(({ type }) => type === 'progress_update');
  return { answer, begun, threadId: threadIdOf(answer) };
}

const SECOND = [{ text: 'Again.', tool_call: { name: 'safe' } }, { text: 'Done.' }];

describe('kill -9 of the worker in a tool', () => {
  it('that must not run twice: the turn ends in an error that may be retried, and the tool is left alone', async () => {
    const { answer, begun, threadId } = await killedIn('unsafe');
    expect(answer.events.at(-1)).toMatchObject({ type: 'error', code: 'custom', allow_retry: true });
    expect(begun).toHaveLength(1);
    expect(await stage.settled(threadId)).toMatchObject({ state: 'failed', error_code: 'run.tool_interrupted' });
    expect(await stage.calls()).toHaveLength(1);
    expect((await stage.stored(threadId)).map(({ type }) => type)).toEqual(['user_message']);
  });

  it('that may run again: the turn starts afresh', async () => {
    const { answer, begun, threadId } = await killedIn('safe');
    expect(begun).toHaveLength(2);
    expect(story(answer.events).filter((event) => event === 'error')).toEqual([]);
    const afterwards = answer.events.slice(answer.events.findIndex(({ type }) => type === 'thread.item.removed'));
    expect(deltasOf(afterwards)).toEqual(['Again.', 'Done.']);
    expect(await stage.settled(threadId)).toMatchObject({ state: 'completed' });
    expect((await stage.stored(threadId)).map(({ type }) => type)).toEqual([
      'user_message',
      'assistant_message',
      'assistant_message',
    ]);
  });
});
