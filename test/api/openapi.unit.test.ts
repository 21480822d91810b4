import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fastify, type FastifyContextConfig } from 'fastify';
import { beforeAll, expect, it } from 'vitest';
import { FileRoutes } from '../../apps/api/src/files/file-routes.js';
import { type DescribedRoute, openApiDocument } from '../../apps/api/src/openapi/document.js';

const SOURCES = join(import.meta.dirname, '../../apps/api/src');

interface Media {
  readonly schema?: object;
  readonly example?: object;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
}
let document: { readonly paths: Record<string, Record<string, Operation>> };
const operations = (): Operation[] => Object.values(document.paths).flatMap((methods) => Object.values(methods));
const mediaOf = ({ requestBody, responses }: Operation): Media[] =>
  [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}));

/** From what the decorators of the controllers say; a server that listens is asked by openapi.test.ts. */
async function controllerRoutes(): Promise<DescribedRoute[]> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.controller.ts'),
  );
  const modules = await Promise.all(files.map((name) => import(join(SOURCES, name)) as Promise<object>));
  return modules.flatMap((module) => Object.values(module)).flatMap(routesOf);
}

function routesOf(controller: unknown): DescribedRoute[] {
  if (typeof controller !== 'function') return [];
  const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name] ?? {};
    const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as FastifyContextConfig | undefined;
    if (!config?.describes) return [];
    const path = Reflect.getMetadata(PATH_METADATA, handler) as string;
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod] ?? '';
    const url = `/${[prefix, path].map((part) => part.replaceAll(/^\/|\/$/g, '')).join('/')}`.replace(/\/$/, '');
    return [{ method, url, access: config.access, describes: config.describes }];
  });
}

async function fileRoutes(): Promise<DescribedRoute[]> {
  const found: DescribedRoute[] = [];
  const server = fastify();
  server.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.describes || method === 'HEAD') return;
    for (const one of [method].flat())
      found.push({ method: one, url, access: config.access, describes: config.describes });
  });
  const none = {} as never;
  new FileRoutes({ maxBytes: 1 } as never, none, none, none, none, none, none).register(server);
  await server.ready();
  await server.close();
  return found;
}

beforeAll(async () => {
  const routes = [...(await controllerRoutes()), ...(await fileRoutes())];
  document = openApiDocument('0.0.0', routes) as unknown as typeof document;
}, 60_000);

it('has no problem that the linter knows of', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  expect(operations().length).toBeGreaterThan(45);
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
});

it('has a schema for each body of JSON, and no answer that is just any object', () => {
  const schemas = (document as unknown as { components: { schemas: Record<string, object> } }).components.schemas;
  for (const operation of operations()) {
    for (const [type, media] of [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
      Object.entries(part?.content ?? {}),
    )) {
      if (type !== 'application/json') continue;
      const { $ref = '' } = (media.schema ?? {}) as { readonly $ref?: string };
      const schema = schemas[$ref.replace('#/components/schemas/', '')] ?? {};
      const says = ['properties', 'anyOf', 'oneOf', 'allOf', '$ref'].some((key) => key in schema);
      expect({ id: operation.operationId, says }).toEqual({ id: operation.operationId, says: true });
    }
  }
});

it('has the same answer of a server that is not ready', () => {
  const { responses } = document.paths['/health/ready']!['get']!;
  expect(responses['503']?.content).toEqual(responses['200']?.content);
  expect(document.paths['/config']!['get']!.responses).not.toHaveProperty('503');
});

it('has examples that its schemas take', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, 'document');
  const examples = operations().flatMap((operation) => mediaOf(operation).filter(({ example }) => example));
  expect(examples.length).toBeGreaterThanOrEqual(5);
  for (const { schema, example } of examples) {
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object);
    expect([example, validate(example), validate.errors]).toEqual([example, true, null]);
  }
});
