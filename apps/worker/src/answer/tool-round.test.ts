import { clientTool, CustomStreamError, type Tool, tool, type TurnContext } from '#chatkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StepLog } from '../attempt/step-log.js';
import { processClock } from '../testing/process-clock.js';
import { TurnEnd } from '../context/turn-end.js';
import type { ToolCall } from './model-events.js';
import { runTools, type ToolRound } from './tool-round.js';

const echo = tool({
  name: 'echo',
  description: 'Repeats its input.',
  parameters: z.object({ word: z.string().optional() }),
  retrySafe: true,
  run: (args) => args,
});
const page = clientTool({ name: 'page', description: 'Asks the page.', parameters: z.object({}) });

const call = (name: string, args = '{}', callId = `call_${name}`): ToolCall => ({
  type: 'tool-call',
  callId,
  name,
  arguments: args,
});

const toolThat = (run: (ctx: unknown) => unknown, more: Partial<Parameters<typeof tool>[0]> = {}): Tool =>
  tool({
    name: 'it',
    description: 'it',
    parameters: z.object({}),
    retrySafe: true,
    ...more,
    run: (_, ctx) => run(ctx),
  });

/** A round of these tools, and what it noted. */
function roundOf(tools: readonly Tool[], given: Partial<ToolRound> = {}, signal = new AbortController().signal) {
  const unsafe: string[] = [];
  const end = new TurnEnd();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const ctx = { signal, log } as unknown as TurnContext;
  const round: ToolRound = {
    ctx,
    end,
    prompt: [],
    tools,
    parallel: true,
    beginUnsafe: async () => void unsafe.push('begun'),
    steps: new StepLog(processClock),
    ...given,
  };
  const outputs = async (...calls: ToolCall[]) => (await runTools(round, calls)).map(({ output }) => output);
  return { round, end, unsafe, outputs };
}

describe('a tool’s arguments', () => {
  it.each([
    ['no text', '', '{}'],
    ['blanks', ' \n', '{}'],
    ['null', 'null', '{}'],
    ['an object', '{"word":"hi"}', '{"word":"hi"}'],
  ])('may be %s', async (_, args, expected) => {
    expect(await roundOf([echo]).outputs(call('echo', args))).toEqual([expected]);
  });

  it.each([
    ['cut JSON', '{"word":', /not valid JSON/],
    ['a list', '["word"]', /must be a JSON object/],
    ['a number', '7', /must be a JSON object/],
    ['misfits', '{"word":7}', /not valid.*word/s],
  ])('that are %s never reach it; the model gets the error', async (_, args, expected) => {
    const [output] = await roundOf([echo]).outputs(call('echo', args));
    expect(output).toMatch(expected);
  });
});

describe('what the model gets', () => {
  it.each([
    ['text as it is', 'plain', 'plain'],
    ['JSON of everything else', { a: [1] }, '{"a":[1]}'],
    ['null for nothing', undefined, 'null'],
    ['false for false', false, 'false'],
  ])('is %s', async (_, result, expected) => {
    expect(await roundOf([toolThat(() => result)]).outputs(call('it'))).toEqual([expected]);
  });

  it.each([
    ['what a tool throws', () => Promise.reject(new Error('no station')), 'The tool failed: no station'],
    // oxlint-disable-next-line prefer-promise-reject-errors -- assistants may throw anything
    ['what is thrown and no error', () => Promise.reject('a word'), 'The tool failed: a word'],
    // oxlint-disable-next-line prefer-promise-reject-errors
    ['that it has no text', () => Promise.reject(Object.create(null)), 'The tool failed: something that has no text'],
  ])('is %s', async (_, run, expected) => {
    expect(await roundOf([toolThat(run)]).outputs(call('it'))).toEqual([expected]);
  });

  it('is that there is no such tool', async () => {
    expect(await roundOf([echo]).outputs(call('nobody'))).toEqual(['There is no tool "nobody".']);
  });

  it('keeps the order and the ids of the calls, whichever is done first', async () => {
    const fastIsDone = new EventTarget();
    const slow = toolThat(
      () => new Promise((resolve) => fastIsDone.addEventListener('done', () => resolve('slow'), { once: true })),
    );
    const fast = toolThat(() => void fastIsDone.dispatchEvent(new Event('done')), { name: 'fast' });
    const { round } = roundOf([slow, fast]);
    expect(await runTools(round, [call('it', '{}', 'call_1'), call('fast', '{}', 'call_2')])).toEqual([
      { type: 'tool-result', callId: 'call_1', name: 'it', output: 'slow' },
      { type: 'tool-result', callId: 'call_2', name: 'fast', output: 'null' },
    ]);
  });

  it('comes from one tool after the other where the assistant wants that', async () => {
    const steps: string[] = [];
    const step = toolThat(async (ctx) => {
      const { id } = (ctx as { toolCall: { id: string } }).toolCall;
      steps.push(`begin ${id}`);
      await new Promise(setImmediate);
      steps.push(`end ${id}`);
    });
    await roundOf([step], { parallel: false }).outputs(call('it', '{}', '1'), call('it', '{}', '2'));
    expect(steps).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });
});

describe('a result that is too long', () => {
  it('is cut, and the model is told', async () => {
    const [output = ''] = await roundOf([toolThat(() => 'x'.repeat(300_000))]).outputs(call('it'));
    expect(output.length).toBeLessThan(200_200);
    expect(output).toMatch(/x\n\[The result has 300000 characters: what follows the first 200000 is missing here\.\]$/);
  });

  it('is cut where it is an error, too, and left alone where it fits', async () => {
    const [failure = ''] = await roundOf([toolThat(() => Promise.reject(new Error('y'.repeat(300_000))))]).outputs(
      call('it'),
    );
    expect(failure.length).toBeLessThan(200_200);
    expect(await roundOf([toolThat(() => 'x'.repeat(200_000))]).outputs(call('it'))).toEqual(['x'.repeat(200_000)]);
  });
});

describe('what ends the turn', () => {
  it.each([
    ['a tool that says so', toolThat(() => Promise.reject(new Error('broken')), { onError: 'fail' }), 'broken'],
    ['words for the person', toolThat(() => Promise.reject(new CustomStreamError('Sorry.'))), 'custom'],
  ])('is %s', async (_, failing, expected) => {
    await expect(roundOf([failing]).outputs(call('it'))).rejects.toThrow(expected);
  });

  it('is a stop that meets the tool', async () => {
    const stop = new AbortController();
    const failing = toolThat(() => {
      stop.abort('cancelled');
      throw new Error('aborted');
    });
    await expect(roundOf([failing], {}, stop.signal).outputs(call('it'))).rejects.toThrow('aborted');
  });
});

describe('a tool that must not run twice', () => {
  it('is recorded before it runs, once a round', async () => {
    const order: string[] = [];
    const unsafe = toolThat(() => void order.push('run'), { retrySafe: false });
    const { outputs } = roundOf([unsafe, echo], { beginUnsafe: async () => void order.push('noted') });
    await outputs(call('echo'), call('it', '{}', '1'), call('it', '{}', '2'));
    expect(order).toEqual(['noted', 'run', 'run']);
  });

  it('is not recorded when it is safe, a client tool, or unknown', async () => {
    const { outputs, unsafe } = roundOf([echo, page]);
    await outputs(call('echo'), call('nobody'), call('page'));
    expect(unsafe).toEqual([]);
  });
});

describe('a client tool', () => {
  it('is called last, under the model’s id of the call; the first of several [TC-1] [TC-2]', async () => {
    const { end, outputs } = roundOf([echo, page]);
    const calls = [call('page', '{"a":1}', 'call_1'), call('echo'), call('page', '{}', 'call_2')];
    expect(await outputs(...calls)).toEqual(['{}']);
    expect(end.clientCall).toEqual({ name: 'page', arguments: { a: 1 }, callId: 'call_1' });
    expect(end.isReached).toBe(true);
  });

  it('never gets invalid arguments: the model gets the error, and the turn continues', async () => {
    const { end, outputs } = roundOf([page]);
    expect(await outputs(call('page', '{"a":'))).toEqual([
      'The tool failed: The arguments of page are not valid JSON.',
    ]);
    expect(end.isReached).toBe(false);
    await outputs(call('page', '[]', 'call_1'), call('page', '{}', 'call_2'));
    expect(end.clientCall).toMatchObject({ callId: 'call_2' });
  });

  it('is not called when a server tool has called one already', async () => {
    const asks = toolThat((ctx) =>
      (ctx as { callClientTool: (name: string, args: object) => void }).callClientTool('x', {}),
    );
    const { end, outputs } = roundOf([asks, page]);
    await outputs(call('it', '{}', 'call_1'), call('page'));
    expect(end.clientCall).toEqual({ name: 'x', arguments: {}, callId: 'call_1' });
  });
});
