import { parseFrames, type ThreadItem, type ThreadStreamEvent, type WorkflowItem } from '#chatkit';
import { aHiddenItem, anAssistantMessage, answerEvents, textDelta } from '#chatkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { processClock } from '../testing/process-clock.js';
import { ItemTimes } from './item-times.js';
import { TURN_BOUNDS } from './turn-bounds.js';
import { TurnOutput } from './turn-output.js';

const done = (item: ThreadItem): ThreadStreamEvent => ({ type: 'thread.item.done', item });
const numbered = (n: number): ThreadItem => anAssistantMessage({ id: `item${n}` });
const progress = (text: string): ThreadStreamEvent => ({ type: 'progress_update', text });
/** The first workflow that these events finish. */
const workflowEnd = (events: readonly ThreadStreamEvent[]): WorkflowItem | undefined =>
  events.flatMap((event) =>
    event.type === 'thread.item.done' && event.item.type === 'workflow' ? [event.item] : [],
  )[0];

describe('the output of a turn', () => {
  let frames: string;
  let log: string[];
  let abort: AbortController;
  let output: TurnOutput;
  let storeFails: boolean;

  beforeEach(() => {
    frames = '';
    log = [];
    storeFails = false;
    abort = new AbortController();
    const writer = {
      write: (frame: string) => {
        frames += frame;
        const [event] = parseFrames(frame);
        log.push(`show ${event?.type}`);
      },
      itemOpened: () => undefined,
      itemChanged: () => undefined,
      itemClosed: () => undefined,
      itemWithdrawn: () => undefined,
      eventStays: () => undefined,
    };
    const keeper = {
      store: async (item: ThreadItem) => {
        await new Promise(setImmediate);
        if (storeFails) throw new Error('the store is gone');
        log.push(`store ${item.id}`);
        return item;
      },
      remove: async (ids: readonly string[]) => void log.push(`remove ${ids.join(',')}`),
    };
    output = new TurnOutput(writer, keeper, abort.signal, 'thr_1', new ItemTimes(processClock));
  });

  const events = (): ThreadStreamEvent[] => parseFrames(frames);
  const say = async (...said: ThreadStreamEvent[]): Promise<void> => {
    for (const event of said) await output.emit(event);
  };

  it('stores a finished item before it is shown', async () => {
    await say(done(anAssistantMessage({ id: 'a' })));
    expect(log).toEqual(['store a', 'show thread.item.done']);
  });

  it('has a bound of items, which counts those that it took back no more', async () => {
    for (let n = 0; n < TURN_BOUNDS.items; n++) await say({ type: 'thread.item.added', item: numbered(n) });
    await say({ type: 'thread.item.removed', item_id: 'item0' }, done(numbered(1)), done(numbered(TURN_BOUNDS.items)));
    await expect(say(done(numbered(0)))).rejects.toMatchObject({
      errorCode: 'run.turn_too_large',
      message: `more than ${TURN_BOUNDS.items} items in one turn (bound items)`,
    });
    expect(log.at(-1)).toBe('show thread.item.done');
    expect(log).not.toContain('store item0');
  });

  it('is in order also for code that does not wait', async () => {
    void output.emit(done(anAssistantMessage({ id: 'a' })));
    void output.emit(progress('one'));
    void output.textDelta('a', 0, 'late');
    await output.emit(done(anAssistantMessage({ id: 'b' })));
    expect(log).toEqual([
      'store a',
      'show thread.item.done',
      'show progress_update',
      'show thread.item.updated',
      'store b',
      'show thread.item.done',
    ]);
  });

  it('text needs no promise', async () => {
    await say({ type: 'thread.item.added', item: anAssistantMessage({ id: 'a', content: [] }) });
    expect(output.textDelta('a', 0, 'x')).toBeUndefined();
    expect(output.emit(progress('one'))).toBeUndefined();
  });

  it('collects text from both ways of sending it', async () => {
    const [added, ...rest] = answerEvents('a', [['Hel', 'lo']]);
    await say(added as ThreadStreamEvent, rest[0] as ThreadStreamEvent, textDelta('a', 0, 'Hel'));
    await output.textDelta('a', 0, 'lo');
    expect(output.open.unfinished()).toMatchObject([{ id: 'a', content: [{ text: 'Hello' }] }]);
    await say(...rest.slice(3, 4));
    expect(output.open.unfinished()).toMatchObject([{ id: 'a', content: [{ text: 'Hello' }] }]);
    await say(...rest.slice(4));
    expect(output.open.unfinished()).toEqual([]);
    expect(events().at(-1)).toMatchObject({ item: { content: [{ text: 'Hello' }] } });
  });

  it('holds the last item back for the commit of the turn', async () => {
    await output.emitLast({ type: 'thread.item.done', item: anAssistantMessage({ id: 'a' }) });
    expect(log).toEqual([]);
    expect(await output.finish()).toMatchObject({ item: { id: 'a' } });
  });

  it('releases what it holds back when more comes', async () => {
    await output.emitLast({ type: 'thread.item.done', item: anAssistantMessage({ id: 'a' }) });
    await say(progress('more'));
    expect(log).toEqual(['store a', 'show thread.item.done', 'show progress_update']);
    expect(await output.finish()).toBeUndefined();
  });

  it('takes nothing from code that was left behind', async () => {
    const storing = output.emit(done(anAssistantMessage({ id: 'a' })));
    const finished = output.finish();
    await expect(say(progress('while the rest is stored'))).rejects.toThrow('The turn is over.');
    await Promise.all([storing, finished]);
    await expect(say(progress('late'))).rejects.toThrow('The turn is over.');
    expect(() => output.textDelta('a', 0, 'late')).toThrow('The turn is over.');
    expect(log).toEqual(['store a', 'show thread.item.done']);
  });

  it('stores hidden items and never shows them', async () => {
    await say({ type: 'thread.item.added', item: aHiddenItem({ id: 'h' }) }, done(aHiddenItem({ id: 'h' })), {
      type: 'thread.item.replaced',
      item: aHiddenItem({ id: 'h' }),
    });
    expect(log).toEqual(['store h', 'store h']);
  });

  it('withdraws everything that it produced', async () => {
    await say(done(anAssistantMessage({ id: 'a' })), {
      type: 'thread.item.added',
      item: anAssistantMessage({ id: 'b', content: [] }),
    });
    await output.withdraw();
    expect(log).toContain('remove a,b');
    expect(events().slice(-2)).toEqual([
      { type: 'thread.item.removed', item_id: 'a' },
      { type: 'thread.item.removed', item_id: 'b' },
    ]);
    expect(output.open.unfinished()).toEqual([]);
  });

  it('has produced nothing when all of it was withdrawn: another model answers instead, or none does', async () => {
    await say(
      { type: 'thread.item.added', item: anAssistantMessage({ id: 'a', content: [] }) },
      done(anAssistantMessage({ id: 'b' })),
      { type: 'thread.item.removed', item_id: 'a' },
      { type: 'thread.item.removed', item_id: 'b' },
    );
    expect([...output.produced]).toEqual([]);
  });

  it('emits nothing more once the turn is stopped', async () => {
    const reason = new Error('stop');
    abort.abort(reason);
    await expect(async () => output.emit(progress('one'))).rejects.toBe(reason);
    expect(() => output.textDelta('a', 0, 'x')).toThrow(reason);
  });

  it('a store that fails is the failure of what follows, and not of the process', async () => {
    storeFails = true;
    void output.emit(done(anAssistantMessage({ id: 'a' })));
    await expect(output.emit(progress('one'))).rejects.toThrow('the store is gone');
    await expect(output.flush()).rejects.toThrow('the store is gone');
    expect(log).toEqual([]);
  });

  it('checks what an assistant emits, fills in defaults, and refuses other threads', async () => {
    await expect(output.emitChecked({ type: 'nonsense' })).rejects.toThrow(/no valid event \(nonsense\)/);
    const item = { ...anAssistantMessage({ id: 'a' }), thread_id: 'thr_2' };
    await expect(output.emitChecked(done(item))).rejects.toThrow(/another thread/);
    await output.emitChecked({ type: 'client_effect', name: 'wave' });
    expect(events()).toEqual([{ type: 'client_effect', name: 'wave', data: {} }]);
  });

  describe('a workflow', () => {
    const task = { type: 'custom' as const, title: 'Look' };
    it('of thoughts is announced at once, a custom one with its first task', async () => {
      await output.workflow.start({ type: 'custom' });
      expect(log).toEqual([]);
      await output.workflow.addTask(task);
      await output.workflow.addTask(task);
      expect(events()).toMatchObject([
        { type: 'thread.item.added', item: { workflow: { tasks: [{ title: 'Look' }] } } },
        { update: { type: 'workflow.task.added', task_index: 1 } },
      ]);
      await output.workflow.start({ type: 'reasoning' });
      expect(events().slice(2)).toMatchObject([
        { type: 'thread.item.done', item: { workflow: { type: 'custom', summary: { duration: 0 } } } },
        { type: 'thread.item.added', item: { workflow: { type: 'reasoning', tasks: [] } } },
      ]);
    });

    it('is a snapshot at each event', async () => {
      await output.workflow.addTask(task);
      await output.workflow.updateTask(0, { ...task, status_indicator: 'complete' });
      expect(events()[0]).toMatchObject({ item: { workflow: { tasks: [{ status_indicator: 'none' }] } } });
    });

    it('is ended by what appears beside it', async () => {
      await output.workflow.addTask(task);
      await say({ type: 'thread.item.added', item: anAssistantMessage({ id: 'a', content: [] }) });
      expect(events().map(({ type }) => type)).toEqual(['thread.item.added', 'thread.item.done', 'thread.item.added']);
    });

    it('is not ended by what is hidden or transient', async () => {
      await output.workflow.addTask(task);
      await say(done(aHiddenItem()), progress('p'), { type: 'client_effect', name: 'e', data: {} });
      expect(workflowEnd(events())).toBeUndefined();
    });

    it('keeps the summary that it was given, and is ended once', async () => {
      await output.workflow.start({ type: 'custom', tasks: [task] });
      await output.workflow.end({ summary: { title: 'Done' }, expanded: true });
      await say(done(anAssistantMessage()));
      expect(workflowEnd(events())?.workflow).toMatchObject({ summary: { title: 'Done' }, expanded: true });
      expect(events().filter(({ type }) => type === 'thread.item.done')).toHaveLength(2);
    });

    it('that is open at the end is stored as it is, and not shown', async () => {
      await output.workflow.addTask(task);
      frames = '';
      await output.storeWorkflow();
      expect(frames).toBe('');
      expect(log.at(-1)).toMatch(/^store wf_/);
    });

    it('of an earlier turn continues under its id, and is not withdrawn with this turn', async () => {
      const item: WorkflowItem = {
        type: 'workflow',
        id: 'wf_old',
        thread_id: 'thr_1',
        created_at: new Date().toISOString(),
        workflow: {
          type: 'reasoning',
          tasks: [{ type: 'thought', status_indicator: 'none', content: 'x' }],
          expanded: false,
        },
      };
      output.workflow.continueFrom([item]);
      await output.workflow.addTask(task);
      expect(events()).toMatchObject([{ item_id: 'wf_old', update: { task_index: 1 } }]);
      await say(done(anAssistantMessage({ id: 'a' })));
      expect([...output.produced]).toEqual(['a']);
    });
  });
});
