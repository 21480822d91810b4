import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, expect, it } from 'vitest';
import { ChatKitRequest } from '#chatkit';
import { createThread, input, post } from '../support/chat.js';
import { useRelay } from '../support/relay.js';
import { ask } from './auth/ask.js';
import { type Route, routeTable } from './isolation/route-table.js';

/** Routes that the document leaves out, and why. */
const LEFT_OUT: readonly { readonly under: RegExp; readonly because: string }[] = [
  { under: /^\/admin\/queues/, because: 'the dashboard of the queue, a page with an API of its own' },
  { under: /^\/admin(\/(?!api).*)?$/, because: 'a page' },
  { under: /^\/assets\//, because: 'files of the pages' },
  { under: /^\/(c\/:threadId|chatkit-react|diagram)?$/, because: 'a page' },
  { under: /^\/openapi\.json$/, because: 'the document itself' },
];

interface Document {
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, Answer>; readonly security: object[] }>
  >;
  readonly components: { readonly schemas: Record<string, object> };
}
interface Answer {
  readonly content?: Record<string, { readonly schema?: object }>;
}

const relay = useRelay('postgres', () => ({
  variables: { ADMIN_CONTENT: 'true', ADMIN_TOKEN: 'sixteen-characters-or-more' },
}));
let document: Document;
let routes: Route[];
const ajv = new Ajv2020({ strict: false, validateFormats: false });
beforeAll(async () => {
  const [told, table] = await Promise.all([ask(relay.url, '/openapi.json'), routeTable(relay)]);
  document = told.json as unknown as Document;
  routes = table;
  ajv.addSchema(document, 'document');
}, 60_000);

it('is a valid document of OpenAPI 3.1, whose schemas are schemas', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone({ ...document }));
  expect([valid, errors]).toEqual([true, undefined]);
  for (const name of Object.keys(document.components.schemas)) {
    expect(() => ajv.getSchema(`document#/components/schemas/${name}`)).not.toThrow();
  }
});

it('has every route, but for those that are left out by name', () => {
  const served = routes
    .filter(({ method, url }) => method !== 'HEAD' && !LEFT_OUT.some(({ under }) => under.test(url)))
    .map(
      ({ method, url }) =>
        `${method} ${url
          .replaceAll(/:(\w+)/g, '{$1}')
          .replace('*', '{rest}')
          .replace(/(.)\/$/, '$1')}`,
    );
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
  const unused = LEFT_OUT.filter(({ under }) => !routes.some(({ url }) => under.test(url)));
  expect(unused.map(({ because }) => because)).toEqual([]);
});

it('says which routes need no credential', () => {
  const open = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]) => (security.length === 0 ? [`${method} ${path}`] : [])),
  );
  expect(open).toEqual(expect.arrayContaining(['get /config', 'get /health/live']));
  expect(open).not.toEqual(expect.arrayContaining(['post /chatkit']));
});

it('takes every request of the protocol, and refuses others', () => {
  const validate = ajv.getSchema('document#/components/schemas/postChatkit.request')!;
  expect(validate({ type: 'threads.create', params: { input: input('Hello') } })).toBe(true);
  expect(validate({ type: 'threads.create', params: {} })).toBe(false);
  expect(validate({ type: 'threads.make', params: {} })).toBe(false);
  const text = JSON.stringify(document.components.schemas['postChatkit.request']);
  for (const { shape } of ChatKitRequest.options) expect(text).toContain(`"${shape.type.value}"`);
});

it('real answers are as it says', async () => {
  await post(relay.url, createThread('Hello'));
  const user = { 'x-test-user': 'ada' };
  const idOf = async (path: string): Promise<string> => {
    const { json } = await ask(relay.url, path, { headers: user });
    return (json['data'] as { readonly id: string }[])[0]?.id ?? '';
  };
  const threadId = await idOf('/chatkit/threads');
  const runId = await idOf(`/chatkit/threads/${threadId}/runs`);
  const asked: [string, string, string][] = [
    ['get', '/chatkit/threads', '/chatkit/threads'],
    ['get', '/chatkit/threads/{id}/runs', `/chatkit/threads/${threadId}/runs`],
    ['post', '/chatkit/runs/{id}/cancel', `/chatkit/runs/${runId}/cancel`],
    ['get', '/v1/models', '/v1/models'],
    ['get', '/v1/models/{rest}', '/v1/models/no/such/model'],
    ['get', '/chatkit/threads/{id}/runs', '/chatkit/threads/thr_none/runs'],
    ['get', '/chatkit/threads/{id}/feedback', `/chatkit/threads/${threadId}/feedback`],
    ['get', '/config', '/config'],
    ['get', '/health', '/health'],
    ['get', '/health/live', '/health/live'],
    // With a breaker that is held.
    ['post', '/admin/api/breakers/{id}/open', '/admin/api/breakers/demo%2Fdemo/open'],
    ['get', '/health/ready', '/health/ready?deep=1'],
    ['get', '/models', '/models'],
    ['get', '/usage', '/usage'],
    ['get', '/debug/threads', '/debug/threads'],
    ...[
      'audit',
      'breakers',
      'keys',
      'limits',
      'overview',
      'provider-keys',
      'providers',
      'session',
      'usage',
      'workers',
    ].map((name): [string, string, string] => ['get', `/admin/api/${name}`, `/admin/api/${name}`]),
    ['get', '/admin/api/runs', '/admin/api/runs'],
    ['get', '/admin/api/runs/{id}', `/admin/api/runs/${runId}`],
    ['post', '/admin/api/runs/{id}/stop', `/admin/api/runs/${runId}/stop`],
    ['post', '/admin/api/runs/{id}/retry', `/admin/api/runs/${runId}/retry`],
    ['post', '/admin/api/runs/{id}/release', `/admin/api/runs/${runId}/release`],
    ['get', '/admin/api/runs/{id}/content', `/admin/api/runs/${runId}/content`],
    ['post', '/admin/api/breakers/{id}/close', '/admin/api/breakers/demo%2Fdemo/close'],
    ['delete', '/admin/api/user-data', '/admin/api/user-data?user=nobody'],
  ];
  const token = 'sixteen-characters-or-more';
  for (const [method, path, url] of asked) {
    const headers = url.startsWith('/admin') ? { authorization: `Bearer ${token}` } : user;
    const { status, json } = await ask(relay.url, url, { method: method.toUpperCase(), headers });
    const { responses } = document.paths[path]![method]!;
    const { content } = responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? {};
    const schema = content?.['application/json']?.schema;
    expect([url, schema]).toEqual([url, expect.any(Object)]);
    const validate = ajv.compile(rooted(schema ?? {}));
    expect([url, validate(json), validate.errors]).toEqual([url, true, null]);
  }
});

it('answers of the protocol are as it says', async () => {
  const { content } = document.paths['/chatkit']!['post']!.responses['200']!;
  const validate = ajv.compile(rooted(content?.['application/json']?.schema ?? {}));
  const headers = { 'x-test-user': 'ada', 'content-type': 'application/json' };
  for (const body of [
    { type: 'threads.list', params: {} },
    { type: 'threads.get_by_id', params: { thread_id: await firstThread() } },
  ]) {
    const { status, json } = await ask(relay.url, '/chatkit', { method: 'POST', headers, body });
    expect([body.type, status, validate(json), validate.errors]).toEqual([body.type, 200, true, null]);
  }
  expect(validate({ what: 'nothing of the protocol' })).toBe(false);
});

async function firstThread(): Promise<string> {
  const { json } = await ask(relay.url, '/chatkit/threads', { headers: { 'x-test-user': 'ada' } });
  return (json['data'] as { readonly id: string }[])[0]?.id ?? '';
}

/** References are to the whole document. */
const rooted = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object;
