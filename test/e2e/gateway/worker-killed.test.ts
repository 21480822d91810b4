import type { ServerResponse } from 'node:http';
import type OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SeenRequest } from '#providers/testing';
import { until } from '../../support/chat.js';
import { oneEngine } from '../../support/one-engine.js';
import { runIdOf, useStage } from './support/stage.js';

const frame = (choice: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
const ANSWER = `${frame({ delta: { content: 'An answer.' } })}${frame({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`;

/** The first request of a model hangs, and every later one is answered; `begun-…` has said something by then. */
function hangOnce() {
  const hung = new Set<string>();
  return (response: ServerResponse, { body }: SeenRequest): void => {
    const model = String(body['model']);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (hung.has(model)) {
      response.end(ANSWER);
      return;
    }
    hung.add(model);
    response.flushHeaders();
    if (model.startsWith('begun')) response.write(frame({ delta: { content: 'A beginning' } }));
  };
}

describe.each(oneEngine('postgres'))('kill -9 of the worker in a call of the gateway, on %s', (engine) => {
  const stage = useStage(engine, hangOnce(), 'gateway.config.yaml');
  let openai: OpenAI;
  beforeAll(() => {
    openai = stage.client();
  });

  async function killAndReplace(): Promise<void> {
    await stage.relay.workers.at(-1)?.kill('SIGKILL');
    await stage.relay.startWorker();
  }

  const asked = (model: string) =>
    until('the provider is asked', 15_000, async () =>
      stage.local.requests.some(({ body }) => body['model'] === model),
    );

  it.each([true, false])(
    'before the first token: the next worker answers, and the caller sees nothing of it (streamed: %s)',
    async (stream) => {
      const model = `silent-${stream}`;
      const messages = [{ role: 'user' as const, content: 'Hi' }];
      const request = { model: `local/${model}`, messages };
      const answering = stream
        ? openai.chat.completions.stream(request).finalChatCompletion()
        : openai.chat.completions.create(request);
      await asked(model);
      await killAndReplace();
      const answer = await answering;
      expect(answer.choices).toMatchObject([{ message: { content: 'An answer.' }, finish_reason: 'stop' }]);
      expect(await stage.settled(runIdOf(answer))).toMatchObject({ state: 'completed', attempt: 2 });
    },
    60_000,
  );

  it('in mid-stream: the stream ends in an error, without a second beginning', async () => {
    const stream = await openai.chat.completions.create({
      model: 'local/begun-stream',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    let text = '';
    let runId = '';
    let killed: Promise<void> | undefined;
    const read = async () => {
      for await (const chunk of stream) {
        runId = runIdOf(chunk);
        text += chunk.choices[0]?.delta.content ?? '';
        if (text !== '') killed ??= killAndReplace();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'interrupted', type: 'server_error' });
    await killed;
    expect(text).toBe('A beginning');
    expect(await stage.settled(runId)).toMatchObject({ state: 'failed', error_code: 'run.interrupted', request: {} });
    expect(stage.local.requests.filter(({ body }) => body['model'] === 'begun-stream')).toHaveLength(1);
  }, 60_000);

  it('of a whole answer, although the model had begun: nothing was shown, so the next worker answers', async () => {
    const answering = openai.chat.completions.create({
      model: 'local/begun-whole',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    await asked('begun-whole');
    await killAndReplace();
    expect((await answering).choices[0]?.message.content).toBe('An answer.');
  }, 60_000);

  it('for good: a run that was settled without a word in the log ends in its own error', async () => {
    const answering = openai.chat.completions.create({
      model: 'local/silent-forever',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const failed = answering.catch((error: unknown) => error);
    await asked('silent-forever');
    await stage.relay.workers.at(-1)?.kill('SIGKILL');
    await stage.relay.query(
      `UPDATE runs SET state = 'failed', error_code = 'provider.timeout', settled_at = now() - interval '1 minute'
       WHERE state = 'working'`,
    );
    expect(await failed).toMatchObject({ status: 504, code: 'timeout' });
  }, 60_000);
});
