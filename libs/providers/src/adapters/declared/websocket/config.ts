import * as z from 'zod';
import { checkQuestion } from '../check-templates.js';
import { declaredFields } from '../request-config.js';
import { addTemplateIssues, inspectTemplate } from '../template-check.js';
import { Mark, WebSocketResponse } from './response-config.js';
import { ABOUT_CANCEL, ABOUT_CONNECTION, ABOUT_REQUEST } from './vocabulary.js';

const ms = z.int().min(1);

const Connection = z.strictObject({
  /**
   * `pool`: one answer at a time on a connection, several connections. `correlation`: one connection for all answers,
   * distinguished by `{{requestId}}` in the request and `id` in the response.
   */
  mode: z.enum(['pool', 'correlation']).default('pool'),
  /** Connections at once, for `pool`; who finds none waits. */
  max: z.int().min(1).default(16),
  /** How long an unused connection stays open. */
  idleMs: ms.default(60_000),
  /** How often the other side is asked for a sign of life (a ping); the connection of one that gives none is given up. */
  pingMs: ms.default(20_000),
});

const Auth = z.strictObject({
  /** A template of the first message on every connection. Without it, only a greeting is waited for. */
  message: z.json().optional(),
  /** The reply that accepts us. Without it none is waited for: the first request follows the message at once. */
  ready: Mark.optional(),
  /** The reply that refuses us. By default, any error. */
  refused: Mark.optional(),
});

const { baseUrl: _http, modelList: _list, health: _check, headers: _headers, ...fields } = declaredFields;

const Entry = z.strictObject({
  kind: z.literal('websocket'),
  ...fields,
  /** Sent only where a template has `{{apiKey}}`. */
  apiKey: fields.apiKey,
  /** A template; what it inserts is encoded. */
  url: z.url({ protocol: /^wss?$/, error: 'must be a ws(s) URL' }),
  /** Templates, added to the URL. */
  query: z.record(z.string(), z.string()).default({}),
  /** Templates, sent when a connection is opened. */
  headers: z.record(z.string(), z.string()).default({}),
  subprotocol: z.string().min(1).optional(),
  auth: Auth.optional(),
  /** A template of the message that asks for an answer. */
  request: z.json(),
  /** A template of the message that ends one. Without it, the connection is closed when no other answer uses it. */
  cancel: z.json().optional(),
  response: WebSocketResponse,
  connection: Connection.prefault({}),
});

/** Any WebSocket API, by declaration. */
export const WebSocketConfig = Entry.superRefine((entry, context) => {
  const { vars, request, response, auth } = entry;
  const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  for (const part of ['url', 'query', 'headers'] as const)
    addTemplateIssues(context, [part], entry[part], vars, ABOUT_CONNECTION);
  addTemplateIssues(context, ['auth', 'message'], auth?.message, vars, ABOUT_CONNECTION);
  addTemplateIssues(context, ['request'], request, vars, ABOUT_REQUEST);
  addTemplateIssues(context, ['cancel'], entry.cancel, vars, ABOUT_CANCEL);

  const { issues, uses } = inspectTemplate(request, vars, ABOUT_REQUEST);
  if (issues.length === 0) checkQuestion(context, 'request', uses);
  if (entry.connection.mode === 'correlation') {
    if (!response.id) issue(['response', 'id'], 'is needed, since the connection is shared (mode: correlation)');
    if (!uses.has('requestId')) issue(['request'], 'needs {{requestId}}, since the connection is shared');
  }
  if (response.frames === 'json' && !response.text)
    issue(['response', 'text'], 'is needed: where the words of the answer stand');
  if (auth && auth.message === undefined && auth.ready === undefined)
    issue(['auth'], 'needs a message to send, or the reply (ready) to wait for');
  if (!response.type) {
    for (const path of marksWithoutPath(entry)) issue(path, 'needs a path, since the response has no type');
  }
  if (entry.apiKey !== undefined && !usesKey(entry))
    issue(['apiKey'], 'is sent nowhere: write {{apiKey}} in headers, query, url, auth.message or request');
});
export type WebSocketConfig = z.output<typeof WebSocketConfig>;

function marksWithoutPath({ response, auth }: z.output<typeof Entry>): string[][] {
  const kinds = Object.entries(response.kinds).map(([kind, mark]) => ({ path: ['response', 'kinds', kind], mark }));
  const replies = (['ready', 'refused'] as const).map((name) => ({ path: ['auth', name], mark: auth?.[name] }));
  return [...kinds, ...replies].flatMap(({ path, mark }) =>
    mark === undefined || hasPath(mark) || response.frames === 'text' ? [] : [path],
  );
}

const hasPath = (mark: Mark) => typeof mark === 'object' && !Array.isArray(mark);

function usesKey({ url, query, headers, auth, request, vars }: z.output<typeof Entry>): boolean {
  const places = [url, query, headers, auth?.message, request];
  return places.some((template) => inspectTemplate(template, vars, ABOUT_REQUEST).uses.has('apiKey'));
}
