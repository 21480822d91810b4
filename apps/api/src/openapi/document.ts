import { z } from 'zod';
import type { Access } from '../auth/access.js';
import type { RouteDescription } from '../described/describes.js';
import { Schemas } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

/** A route as Fastify has it. */
export interface DescribedRoute {
  readonly method: string;
  /** `/files/:id`; `*` stands for the rest of the path. */
  readonly url: string;
  readonly access: Access | undefined;
  readonly describes: RouteDescription;
}

/** Below `/v1` an error has the fields of OpenAI's, too. */
const ErrorAnswer = z.object({
  error: z.looseObject({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});

const REST = 'rest';

/** The OpenAPI document of the routes that have a description. */
export function openApiDocument(version: string, routes: readonly DescribedRoute[]): Json {
  const schemas = new Schemas();
  const error = schemas.add('Error', ErrorAnswer, 'output');
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes.toSorted((a, b) => a.url.localeCompare(b.url))) {
    const path = (paths[pathOf(route.url)] ??= {});
    path[route.method.toLowerCase()] = operation(route, schemas, error);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'ChatKit Relay',
      version,
      summary: 'The ChatKit protocol and the routes beside it',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: tagsOf(routes),
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A JWT, an API key, a session token or the administrator’s token',
        },
      },
    },
  };
}

/** What the first part of a path stands for. */
const TAGS: Readonly<Record<string, string>> = {
  admin: 'For administrators',
  chatkit: 'The ChatKit protocol, threads and runs',
  config: 'What a page must know',
  debug: 'For developers',
  files: 'Attachments',
  health: 'For load balancers and orchestrators',
  metrics: 'For monitors',
  models: 'Models that a message may name',
  sessions: 'Tokens for users',
  usage: 'What the caller used',
  v1: 'The format of OpenAI',
};

const tagOf = (url: string): string => url.split('/')[1] ?? '';

const tagsOf = (routes: readonly DescribedRoute[]): Json[] =>
  [...new Set(routes.map(({ url }) => tagOf(url)))]
    .toSorted()
    .map((name) => ({ name, ...(TAGS[name] !== undefined && { description: TAGS[name] }) }));

const pathOf = (url: string): string => {
  const path = url.replaceAll(/:(\w+)/g, '{$1}').replace('*', `{${REST}}`);
  return path.length > 1 ? path.replace(/\/$/, '') : path;
};

function operation({ method, url, access = 'chat', describes }: DescribedRoute, schemas: Schemas, error: Json): Json {
  const { summary, query, body, example, status = 200, isUnavailableToo } = describes;
  const id = idOf(method, url);
  const inPath = [...pathOf(url).matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...(query ? Schemas.parameters(query) : [])];
  const content = answerContent(id, describes, schemas);
  return {
    operationId: id,
    summary,
    tags: [tagOf(url)],
    // Where AUTH_MODE is none, or a proxy says who asks, there is no token.
    security: access === 'public' ? [] : access === 'admin' ? [{ token: [] }] : [{ token: [] }, {}],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: bodyContent(id, body, schemas, example?.body) } }),
    responses: {
      [status]: { description: 'What was asked for', ...content },
      ...(isUnavailableToo && { 503: { description: 'The same, while something is unavailable', ...content } }),
      '4XX': { description: 'A refusal', content: { 'application/json': { schema: error } } },
      '5XX': { description: 'A failure', content: { 'application/json': { schema: error } } },
    },
  };
}

/** `getFilesById`. */
function idOf(method: string, url: string): string {
  const words = url
    .replace('*', `:${REST}`)
    .split(/[/-]/)
    .flatMap((part) => (part === '' ? [] : [part.startsWith(':') ? `by-${part.slice(1)}` : part]));
  const camel = words
    .flatMap((word) => word.split(/[^A-Za-z0-9]/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method.toLowerCase() + (camel.join('') || 'Root');
}

function bodyContent(
  id: string,
  body: NonNullable<RouteDescription['body']>,
  schemas: Schemas,
  example: object | undefined,
): Json {
  if (body === 'bytes') return { 'application/octet-stream': {} };
  return json(schemas.add(`${id}.request`, body, 'input'), example);
}

const TEXT = { schema: { type: 'string' } };

function answerContent(id: string, { answer, isProtocol, example }: RouteDescription, schemas: Schemas): Json {
  const add = (schema: z.ZodType): Json =>
    json(schemas.add(`${id}.answer`, schema, isProtocol ? 'input' : 'output'), example?.answer);
  switch (answer) {
    case 'none':
      return {};
    case 'bytes':
      return { content: { 'application/octet-stream': {} } };
    case 'text':
      return { content: { 'text/plain': TEXT } };
    case 'events':
      return { content: { 'text/event-stream': TEXT } };
    default:
      if (!('jsonOrEvents' in answer)) return { content: add(answer) };
      return { content: { ...add(answer.jsonOrEvents), 'text/event-stream': TEXT } };
  }
}

const json = (schema: Json, example: object | undefined): Json => ({
  'application/json': { schema, ...(example && { example }) },
});
