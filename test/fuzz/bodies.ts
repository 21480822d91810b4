import type { RequestType } from '#chatkit';
import type { Random } from './random.js';

/** What exists on the server, for bodies that mean it. */
export interface Known {
  readonly threads: readonly [string, ...string[]];
  readonly items: readonly [string, ...string[]];
}

type Params = (random: Random, known: Known) => Readonly<Record<string, unknown>>;

/** The demo provider answers a message that holds these words with one token, at once. */
export const SHORT = '(tokens=1)';

const thread = (random: Random, known: Known): string =>
  random.chance(0.7) ? random.pick(known.threads) : 'thr_nowhere';
const item = (random: Random, known: Known): string => (random.chance(0.7) ? random.pick(known.items) : 'msg_nowhere');

const input = (random: Random) => ({
  content: [
    { type: 'input_text', text: `Hello ${SHORT}` },
    ...(random.chance(0.3)
      ? [
          {
            type: 'input_tag',
            id: 'tag_1',
            text: 'Tag',
            data: { deep: [1, null, { a: 'b' }] },
            group: 'g',
            interactive: true,
          },
        ]
      : []),
  ],
  attachments: random.chance(0.1) ? ['atc_nowhere'] : [],
  quoted_text: random.chance(0.3) ? 'quoted' : null,
  inference_options: random.chance(0.3) ? { model: 'demo/demo', tool_choice: { id: 'tool' } } : {},
});

const paging = (random: Random) => ({
  limit: random.pick([null, 0, 1, 20, 9999]),
  order: random.pick(['asc', 'desc']),
  after: random.chance(0.2) ? 'thr_nowhere' : null,
});

const action = (random: Random, known: Known) => ({
  thread_id: thread(random, known),
  item_id: random.chance(0.5) ? item(random, known) : null,
  action: { type: 'fx.echo', payload: { a: [1, { b: null }] }, handler: 'server', loadingBehavior: 'auto' },
});

// A total record: a new request does not compile until somebody has said what a valid one looks like.
const PARAMS: Readonly<Record<RequestType, Params>> = {
  'threads.create': (random) => ({ input: input(random) }),
  'threads.add_user_message': (random, known) => ({ thread_id: thread(random, known), input: input(random) }),
  'threads.retry_after_item': (random, known) => ({ thread_id: thread(random, known), item_id: item(random, known) }),
  'threads.add_client_tool_output': (random, known) => ({
    thread_id: thread(random, known),
    result: { rows: [1, null, 'x'] },
  }),
  'threads.add_structured_input': (random, known) => ({
    thread_id: thread(random, known),
    item_id: item(random, known),
    input: { status: 'answered', answers: { one: { values: ['x'], skipped: false } } },
  }),
  'threads.custom_action': action,
  'threads.sync_custom_action': action,
  'threads.get_by_id': (random, known) => ({ thread_id: thread(random, known) }),
  'threads.list': paging,
  'threads.update': (random, known) => ({ thread_id: thread(random, known), title: 'A title' }),
  // The threads are wanted until the end.
  'threads.delete': () => ({ thread_id: 'thr_nowhere' }),
  'items.list': (random, known) => ({ thread_id: thread(random, known), ...paging(random) }),
  'items.feedback': (random, known) => ({
    thread_id: thread(random, known),
    item_ids: [item(random, known)],
    kind: random.pick(['positive', 'negative']),
  }),
  'attachments.create': () => ({ name: 'a.png', size: 9, mime_type: 'image/png' }),
  'attachments.delete': () => ({ attachment_id: 'atc_nowhere' }),
  'input.transcribe': () => ({ audio_base64: 'aGVsbG8=', mime_type: 'audio/webm;codecs=opus' }),
};

const REQUEST_TYPES = Object.keys(PARAMS) as [RequestType, ...RequestType[]];

/** A body that the protocol allows. */
export function validBody(random: Random, known: Known): Record<string, unknown> {
  const type = random.pick(REQUEST_TYPES);
  const metadata = random.chance(0.3) ? { metadata: { page: 'x', nested: { y: null } } } : {};
  return { type, params: PARAMS[type](random, known), ...metadata };
}
