import * as z from 'zod';
import { checkQuestion } from '../check-templates.js';
import { declaredFields } from '../request-config.js';
import { Paths, responseFields } from '../response-config.js';
import { addTemplateIssues, inspectTemplate, type Vocabulary } from '../template-check.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/**
 * What identifies a message: a value (or several) at the response's `type`; or a path of its own, at which there is one of these
 * values, or anything at all.
 */
const Mark = z.union(
  [scalar, z.array(scalar).min(1), z.strictObject({ path: Paths, is: z.union([scalar, z.array(scalar)]).optional() })],
  { error: 'must be a value of type, a list of them, or { path, is }' },
);
export type Mark = z.output<typeof Mark>;

const { text, textIs, reasoning, finish, finishReasons, usage, errorCode, errorMessage, errors } = responseFields;

/** The kinds of messages that there may be. One may be several: the last piece of text, the usage and the end. */
const Kinds = z.strictObject({
  /** By default every message in which there is a text. */
  text: Mark.optional(),
  reasoning: Mark.optional(),
  usage: Mark.optional(),
  /** The end of an answer. */
  done: Mark,
  /** The end of an answer that has failed. */
  error: Mark.optional(),
  /** What says nothing about an answer: greetings, signs of life. */
  ignored: Mark.optional(),
});

const Response = z.strictObject({
  /** Where a message says what it is. */
  type: Paths.optional(),
  kinds: Kinds,
  /** Where a message says which request it answers. */
  id: Paths.optional(),
  text,
  textIs,
  reasoning,
  finish,
  finishReasons,
  usage,
  errorCode,
  errorMessage,
  errors,
});
export type WebSocketResponse = z.output<typeof Response>;

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
  /** The reply that accepts us. */
  ready: Mark,
  /** The reply that refuses us. By default, any error. */
  refused: Mark.optional(),
});

/** What templates may say about a connection. */
const ABOUT_CONNECTION: Vocabulary = { more: ['apiKey'], aboutCall: false };
export const ABOUT_REQUEST: Vocabulary = { more: ['apiKey', 'requestId'] };
const ABOUT_CANCEL: Vocabulary = { more: ['apiKey', 'requestId'], aboutCall: false };

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
  response: Response,
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
  return [...kinds, ...replies].flatMap(({ path, mark }) => (mark === undefined || hasPath(mark) ? [] : [path]));
}

const hasPath = (mark: Mark) => typeof mark === 'object' && !Array.isArray(mark);

function usesKey({ url, query, headers, auth, request, vars }: z.output<typeof Entry>): boolean {
  const places = [url, query, headers, auth?.message, request];
  return places.some((template) => inspectTemplate(template, vars, ABOUT_REQUEST).uses.has('apiKey'));
}
