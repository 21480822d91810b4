import type { ThreadStreamEvent } from '#chatkit';
import { anAssistantMessage, textDelta } from '#chatkit/testing';
import { describe, expect, it } from 'vitest';
import type { EventSink } from '../output/turn-output.js';
import { answerStream } from './answer-stream.js';

const progress = (text: string): ThreadStreamEvent => ({ type: 'progress_update', text });
const all = async (events: AsyncIterable<ThreadStreamEvent>): Promise<ThreadStreamEvent[]> => {
  const taken: ThreadStreamEvent[] = [];
  for await (const event of events) taken.push(event);
  return taken;
};

const makeThousand = async (sink: EventSink): Promise<void> => {
  for (let n = 0; n < 1000; n++) {
    if (n % 7 === 0) await new Promise(setImmediate);
    await sink.textDelta('a', 0, String(n));
  }
};

describe('an answer as a stream of events', () => {
  it('has every event, in order, the last one and text included', async () => {
    const done = { type: 'thread.item.done', item: anAssistantMessage({ id: 'a' }) } as const;
    const events = await all(
      answerStream(async (sink) => {
        await sink.emit(progress('one'));
        await sink.textDelta('a', 0, 'Hel');
        await sink.emitLast(done);
      }),
    );
    expect(events).toEqual([progress('one'), textDelta('a', 0, 'Hel'), done]);
  });

  it('may be empty', async () => {
    expect(await all(answerStream(async () => undefined))).toEqual([]);
  });

  it('makes the next event only when the reader asks for it [GF-10]', async () => {
    const order: string[] = [];
    const stream = answerStream(async (sink) => {
      for (const text of ['one', 'two']) {
        order.push(`made ${text}`);
        await sink.emit(progress(text));
      }
      order.push('end');
    });
    for await (const event of stream) {
      await new Promise(setImmediate);
      if (event.type === 'progress_update') order.push(`taken ${event.text}`);
    }
    expect(order).toEqual(['made one', 'taken one', 'made two', 'taken two', 'end']);
  });

  it('loses nothing of many events', async () => {
    const events = await all(answerStream(makeThousand));
    expect(events).toEqual(Array.from({ length: 1000 }, (_, n) => textDelta('a', 0, String(n))));
  });

  it('throws what the answer throws, after what it had emitted', async () => {
    const taken: ThreadStreamEvent[] = [];
    const stream = answerStream(async (sink) => {
      await sink.emit(progress('one'));
      throw new Error('the model is unavailable');
    });
    const read = async (): Promise<void> => {
      for await (const event of stream) taken.push(event);
    };
    await expect(read()).rejects.toThrow('the model is unavailable');
    expect(taken).toEqual([progress('one')]);
  });

  it('that is left early stops where it is, and has ended when the reader continues', async () => {
    const order: string[] = [];
    const stream = answerStream(async (sink, left) => {
      left.addEventListener('abort', () => order.push('left'));
      try {
        await sink.emit(progress('one'));
        order.push('never');
      } finally {
        await new Promise(setImmediate);
        order.push('cleaned up');
      }
    });
    for await (const _ of stream) break;
    expect(order).toEqual(['left', 'cleaned up']);
  });

  it('that goes on when it is left is aborted, and can emit nothing more', async () => {
    const outcome: unknown[] = [];
    const stream = answerStream(async (sink, left) => {
      await sink.emit(progress('one'))?.catch(() => outcome.push(left.aborted));
      await sink.emit(progress('two'))?.catch((error: Error) => outcome.push(error.message));
    });
    for await (const _ of stream) break;
    expect(outcome).toEqual([true, 'the answer is not read any more']);
  });
});
