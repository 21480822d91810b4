import type { ChatKitRequest } from '#chatkit';
import { input } from '../../support/chat.js';
import type { Asked, Told } from '../auth/ask.js';
import type { Person } from './people.js';

/** A request by one person about what belongs to another one. */
interface Attempt extends Asked {
  readonly path: string;
  /** What the answer must be; absent: a refusal of something that does not exist for them. */
  readonly expect?: (told: Told, asker: Person) => string | undefined;
}

/** Why a route shows nobody's data, or the attempts to reach another one's. */
export type Entry = { readonly open: string } | { readonly attempts: (victim: Person) => Attempt[] };

const isOk: Attempt['expect'] = ({ status }) => (status === 200 ? undefined : `status ${status}`);
const isNotOffered: Attempt['expect'] = ({ status }) => (status === 501 ? undefined : `status ${status}`);
const counts =
  (what: string, count: (told: Told) => unknown): Attempt['expect'] =>
  (told, { turns }) =>
    count(told) === turns ? undefined : `${what} ${String(count(told))} instead of ${turns}`;
const pageLength = ({ json }: Told): number => (json['data'] as unknown[]).length;

const about = (victim: Person) => ({
  thread_id: victim.threadIds[0] ?? '',
  item_id: victim.itemIds[0] ?? '',
  attachment_id: victim.attachmentId,
});

/** Total: a new request does not compile until it is tried here. */
type Params = (victim: Person) => { readonly params: object; readonly expect?: Attempt['expect'] };
export const REQUESTS: Record<ChatKitRequest['type'], Params> = {
  // A file of somebody else may not be sent along.
  'threads.create': (victim) => ({ params: { input: { ...input('x'), attachments: [victim.attachmentId] } } }),
  'threads.add_user_message': (victim) => ({ params: { ...about(victim), input: input('x') } }),
  'threads.retry_after_item': (victim) => ({ params: about(victim) }),
  'threads.add_client_tool_output': (victim) => ({ params: { ...about(victim), result: 1 } }),
  'threads.add_structured_input': (victim) => ({
    params: { ...about(victim), input: { type: 'structured_input', answers: {}, status: 'skipped' } },
  }),
  'threads.custom_action': (victim) => ({ params: { ...about(victim), action: { type: 'x', payload: {} } } }),
  // The assistant of this installation has no such callback, and says so to everybody.
  'threads.sync_custom_action': (victim) => ({
    params: { ...about(victim), action: { type: 'x', payload: {} } },
    expect: isNotOffered,
  }),
  'threads.get_by_id': (victim) => ({ params: about(victim) }),
  'threads.list': () => ({ params: { limit: 100 }, expect: counts('threads', pageLength) }),
  'threads.update': (victim) => ({ params: { ...about(victim), title: 'taken over' } }),
  'threads.delete': (victim) => ({ params: about(victim) }),
  'items.list': (victim) => ({ params: about(victim) }),
  'items.feedback': (victim) => ({ params: { ...about(victim), item_ids: [victim.itemIds[0]], kind: 'positive' } }),
  'attachments.create': () => ({ params: { name: 'x.txt', size: 1, mime_type: 'text/plain' }, expect: isOk }),
  'attachments.delete': (victim) => ({ params: about(victim) }),
  // It has no data of anybody's, and this installation transcribes nothing.
  'input.transcribe': () => ({ params: { audio_base64: 'AAAA', mime_type: 'audio/webm' }, expect: () => undefined }),
};

const byThread = (suffix: string) => (victim: Person) =>
  victim.threadIds.map((id) => ({ path: `/chatkit/threads/${id}${suffix}` }));
const byRun = (suffix: string, method: string) => (victim: Person) =>
  victim.runIds.map((id) => ({ path: `/chatkit/runs/${id}${suffix}`, method }));
const byFile = (method: string) => (victim: Person) => [
  { path: `/files/${victim.attachmentId}`, method, ...(method !== 'GET' && { body: 'x' }) },
];
const SAME_FOR_ALL = { open: 'models of the installation, the same for all its users' };
const ADMIN = { open: 'administrators only, whatever the tenant' };
const STATE = { open: 'the state of the server' };

/** Every route of the API by method and pattern. HEAD is the same as GET. */
export const ROUTES: Readonly<Record<string, Entry>> = {
  'POST /chatkit': {
    attempts: (victim) =>
      Object.entries(REQUESTS).map(([type, of]) => {
        const { params, expect } = of(victim);
        return { path: '/chatkit', method: 'POST', body: { type, params }, ...(expect && { expect }) };
      }),
  },
  'GET /chatkit/threads': {
    attempts: (victim) => [
      { path: '/chatkit/threads?limit=100', expect: counts('threads', pageLength) },
      // Words of somebody else's find nothing.
      { path: `/chatkit/threads?q=${victim.mark}`, expect: (told) => (pageLength(told) === 0 ? undefined : told.text) },
      { path: `/chatkit/threads?after=${victim.threadIds[0]}` },
    ],
  },
  'POST /chatkit/threads/:id/edit': {
    attempts: (victim) =>
      victim.threadIds.map((id) => ({
        path: `/chatkit/threads/${id}/edit`,
        method: 'POST',
        body: { item_id: victim.itemIds[0], input: input('taken over') },
      })),
  },
  'GET /chatkit/threads/:id/runs': { attempts: byThread('/runs') },
  'GET /chatkit/threads/:id/feedback': { attempts: byThread('/feedback') },
  'GET /chatkit/runs/:id/events': { attempts: byRun('/events', 'GET') },
  'POST /chatkit/runs/:id/cancel': { attempts: byRun('/cancel', 'POST') },
  'POST /files/': { open: 'adds a file of the caller’s' },
  'PUT /files/:id': { attempts: byFile('PUT') },
  'POST /files/:id': { attempts: byFile('POST') },
  'GET /files/:id': { attempts: byFile('GET') },
  'GET /files/:id/preview': {
    attempts: ({ attachmentId }) => [{ path: `/files/${attachmentId}/preview` }],
  },
  'GET /usage': {
    attempts: () => [
      {
        path: '/usage',
        expect: counts('calls', ({ json }) => (json['total'] as { readonly calls: number }).calls),
      },
    ],
  },
  'GET /models': SAME_FOR_ALL,
  'GET /config': { open: 'facts about the installation, the same for everybody' },
  'GET /openapi.json': { open: 'the description of the API, the same for everybody' },
  'GET /v1/models': SAME_FOR_ALL,
  'GET /v1/models/*': SAME_FOR_ALL,
  'POST /v1/chat/completions': { open: 'takes no id of anything that is stored' },
  'GET /debug/threads': { attempts: () => [{ path: '/debug/threads' }] },
  'POST /sessions': { open: 'servers only; test/api/auth has who may make a session for whom' },
  'GET /admin/api/audit': ADMIN,
  'GET /admin/api/breakers': ADMIN,
  'POST /admin/api/breakers/:id/open': ADMIN,
  'POST /admin/api/breakers/:id/close': ADMIN,
  'GET /admin/api/session': ADMIN,
  'POST /admin/api/session': ADMIN,
  'DELETE /admin/api/session': { open: 'forgets the session of the browser that asks' },
  'GET /admin/api/overview': ADMIN,
  'GET /admin/api/limits': ADMIN,
  'GET /admin/api/runs': ADMIN,
  'GET /admin/api/runs/:id': ADMIN,
  'POST /admin/api/runs/:id/stop': ADMIN,
  'POST /admin/api/runs/:id/retry': ADMIN,
  'POST /admin/api/runs/:id/release': ADMIN,
  'GET /admin/api/runs/:id/content': ADMIN,
  'POST /admin/api/threads/:id/status': ADMIN,
  'GET /admin/api/workers': ADMIN,
  'GET /admin/api/providers': ADMIN,
  'GET /admin/api/usage': ADMIN,
  'GET /admin/api/keys': ADMIN,
  'POST /admin/api/keys': ADMIN,
  'DELETE /admin/api/keys/:id': ADMIN,
  'GET /admin/api/provider-keys': ADMIN,
  'PUT /admin/api/provider-keys': ADMIN,
  'DELETE /admin/api/provider-keys': ADMIN,
  'POST /admin/api/provider-keys/rotate': ADMIN,
  'GET /admin/api/user-export': ADMIN,
  'DELETE /admin/api/user-data': ADMIN,
  'POST /admin/api/remains': ADMIN,
  'GET /metrics': { open: 'administrators and the own machine; counts of the whole server' },
  'GET /health': STATE,
  'GET /health/live': STATE,
  'GET /health/ready': STATE,
  'GET /health/trickle': STATE,
  'GET /': { open: 'the page' },
  'GET /c/:threadId': { open: 'the page' },
  'GET /chatkit-react': { open: 'the page' },
  'GET /diagram': { open: 'the page' },
  'GET /admin': { open: 'the page' },
  'GET /admin/runs': { open: 'the page' },
  'GET /admin/runs/:id': { open: 'the page' },
  'GET /admin/workers': { open: 'the page' },
  'GET /admin/providers': { open: 'the page' },
  'GET /admin/usage': { open: 'the page' },
  'GET /admin/audit': { open: 'the page' },
};

/** Routes that a plugin makes, by the beginning of their pattern and by who may use them. */
export const GROUPS: readonly { readonly under: string; readonly access: string }[] = [
  { under: '/admin/queues', access: 'admin' },
  { under: '/assets/', access: 'public' },
];
