import { describe, expect, it } from 'vitest';
import { pictureOf } from '#media/testing';
import {
  addMessage,
  type Answer,
  createThread,
  deltasOf,
  doneItems,
  post,
  type PostOptions,
  threadIdOf,
  until,
} from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { type EngineKind, engineKinds } from '../support/engines.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import {
  answerOf,
  isWhole,
  type Kind,
  questionOf,
  type ServerId,
  startStrictServers,
  STRICT_SERVERS,
} from '../support/strict-servers/server.js';

const CONFIG = new URL('thirty-turns.config.yaml', import.meta.url).pathname;
const IDS = Object.keys(STRICT_SERVERS) as ServerId[];
const TURNS = 30;
const KINDS: readonly Kind[] = [
  'quote',
  'widget',
  'stop',
  'client',
  'hidden',
  'image',
  'fail',
  'pair',
  'abandon',
  'text',
];
const PICTURE = await pictureOf({ width: 2, height: 2 }).png().toBuffer();

/** The first turn makes the thread; then come all kinds, from another one on in each thread. */
function kindOf(number: number, offset: number, id: ServerId): Kind {
  const kind = number === 1 ? undefined : KINDS[(number + offset) % KINDS.length];
  return kind === undefined || (kind === 'stop' && isWhole(id)) ? 'text' : kind;
}

/**
 * Every server on Postgres alone; on Redis a sample, since the conversation is the same on both and what differs is how its events
 * travel: a server that is switched at every turn, and one each of the ways to answer (SSE, SSE of blocks, lines, messages, at once).
 */
const SHARE: Readonly<
  Record<EngineKind, { readonly strides: readonly number[]; readonly alone: readonly ServerId[] }>
> = {
  postgres: { strides: [1, 5], alone: IDS },
  redis: { strides: [8], alone: ['openai', 'anthropic', 'ollama', 'websocket', 'classic'] },
};

describe.each(engineKinds)(
  'threads of thirty turns on %s, at servers that refuse what breaks their rules',
  (engine) => {
    const servers = duringSuite(startStrictServers, (started) => started.close());
    const relay = useRelay(engine, () => ({
      variables: { CHATKIT_CONFIG: CONFIG, SERVERS: servers.url, SOCKETS: servers.socketUrl, WORKER_CONCURRENCY: '16' },
    }));

    async function upload(user: string): Promise<string> {
      const data = new FormData();
      data.append('file', new Blob([new Uint8Array(PICTURE)], { type: 'image/png' }), 'a.png');
      const headers = { [USER_HEADER]: user };
      const response = await fetch(`${relay.url}/files`, { method: 'POST', body: data, headers });
      return ((await response.json()) as { id: string }).id;
    }

    const settled = (threadId: string) =>
      until('the stopped run settles', 20_000, async () => {
        const runs = await relay.query(`SELECT 1 FROM runs WHERE thread_id = $1 AND state IN ('queued', 'working')`, [
          threadId,
        ]);
        return runs.length === 0;
      });

    /** A thread of somebody's own. @returns its turns that did not go as they should, each with what came instead */
    async function converse(name: string, serverOf: (number: number) => ServerId, offset = 0): Promise<string[]> {
      const wrong: string[] = [];
      let threadId = '';
      for (let number = 1; number <= TURNS; number++) {
        const id = serverOf(number);
        const kind = kindOf(number, offset, id);
        const model = `${id}/${STRICT_SERVERS[id].model}`;
        const answer = await ask(name, threadId, questionOf(name, number, kind), { kind, model });
        threadId ||= threadIdOf(answer);
        if (kind === 'stop') await settled(threadId);
        if (!isRight(answer, kind, answerOf(name, number)))
          wrong.push(`${questionOf(name, number, kind)} at ${id}: ${answer.raw.slice(-300)}`);
      }
      return wrong;
    }

    async function ask(
      user: string,
      threadId: string,
      question: string,
      { kind, model }: { readonly kind: Kind; readonly model: string },
    ): Promise<Answer> {
      const body = threadId ? addMessage(threadId, question, { model }) : createThread(question, { model });
      if (kind === 'image') body.params.input.attachments.push((await upload(user)) as never);
      if (kind === 'quote') Object.assign(body.params.input, { quoted_text: 'The answer' });
      const asked = await post(relay.url, body, {
        user,
        query: '?assistant=long',
        ...(kind === 'stop' && { onEvents: stop }),
      });
      if (kind !== 'client') return asked;
      const output = {
        type: 'threads.add_client_tool_output',
        params: { thread_id: threadId, result: { picked: 'red' } },
      };
      return post(relay.url, output, { user, query: '?assistant=long' });
    }

    it.each(SHARE[engine].strides)(
      'switching the provider at every turn, by %i',
      { timeout: 120_000 },
      async (stride) => {
        const at = (number: number) => IDS[(number * stride) % IDS.length] ?? 'openai';
        const name = `switching${stride}`;
        expect(await converse(name, at, stride)).toEqual([]);
        expect(servers.violationsOf(name)).toEqual([]);
      },
    );

    it.each(SHARE[engine].alone)('%s alone', { timeout: 120_000 }, async (id) => {
      const name = id.replace('-', '');
      expect(await converse(name, () => id)).toEqual([]);
      expect(servers.violationsOf(name)).toEqual([]);
      // More than turns, since tools take two requests.
      expect(servers.answered.get(id)).toBeGreaterThan(TURNS);
    });
  },
);

/** Goes away as soon as something of the answer is there. */
const stop: PostOptions['onEvents'] = (events, request) => {
  if (deltasOf(events).length > 0) request.destroy();
};

/** Whether the turn ended as one of its kind does. */
function isRight({ events, complete }: Answer, kind: Kind, answer: string): boolean {
  const failed = events.some(({ type }) => type === 'error');
  const text = deltasOf(events).join('');
  switch (kind) {
    case 'fail':
      return failed && text === '';
    case 'stop':
      return !failed && !complete && text !== '' && !text.includes(answer);
    case 'abandon':
      return !failed && JSON.stringify(events).includes('client_tool_call');
    case 'widget':
    case 'pair':
      return !failed && text.trim() === answer && doneItems(events, 'widget').length === 1;
    case 'text':
    case 'quote':
    case 'image':
    case 'hidden':
    case 'client':
      return !failed && complete && text.trim() === answer;
  }
}
