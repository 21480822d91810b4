import type { Outgoing } from '../../../http/proxy-of.js';
import { secretsOf } from '../../../http/secrets-of.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import type { Provider } from '../../../spec/provider.js';
import type { WireRequest } from '../../../wire/wire-format.js';
import type { ResponseSpec } from '../answer-reader.js';
import { createDeclaredProvider, declaredScope } from '../declared-provider.js';
import { renderTemplate } from '../template.js';
import { inspectTemplate } from '../template-check.js';
import { unplaced } from '../unplaced.js';
import type { GraphqlConfig } from './config.js';

/** Codes of `extensions` that many servers share (https://www.apollographql.com/docs/apollo-server/data/errors). */
const CODES: ResponseSpec['errors'] = {
  UNAUTHENTICATED: 'bad_key',
  FORBIDDEN: 'no_access',
  BAD_REQUEST: 'bad_request',
  BAD_USER_INPUT: 'bad_request',
  GRAPHQL_PARSE_FAILED: 'bad_request',
  GRAPHQL_VALIDATION_FAILED: 'bad_request',
};

/** A GraphQL API over HTTP (https://graphql.github.io/graphql-over-http) whose operation the config file declares. */
export function createGraphqlProvider(config: GraphqlConfig & Outgoing): Provider {
  const { stream } = config.response;
  const { uses } = inspectTemplate(config.variables, config.vars);
  return createDeclaredProvider({
    config,
    uses,
    framing: stream === 'none' ? 'whole' : undefined,
    response: underData(config.response),
    secrets: secretsOf({ vars: config.vars, variables: config.variables }),
    toWire: (call, ref) => toWire(call, ref, config, uses),
  });
}

function toWire(call: ModelCall, ref: ModelRef, config: GraphqlConfig, uses: ReadonlySet<string>): WireRequest {
  const { query, operationName, variables } = config;
  const json = 'application/graphql-response+json, application/json';
  return {
    headers: { accept: config.response.stream === 'none' ? json : `text/event-stream, ${json}` },
    body: {
      query,
      ...(operationName !== undefined && { operationName }),
      variables: renderTemplate(variables, declaredScope(call, ref, config)),
    },
    warnings: unplaced(call, uses),
  };
}

/** Answers are in `data`, failures of the operation in `errors`. */
function underData({ usage, toolCalls, done, ...fields }: GraphqlConfig['response']): ResponseSpec {
  return {
    ...fields,
    text: inData(fields.text),
    reasoning: inData(fields.reasoning),
    toolCalls: toolCalls && { ...toolCalls, list: inData(toolCalls.list) },
    finish: inData(fields.finish),
    usage: usage && { input: inData(usage.input), output: inData(usage.output), total: inData(usage.total) },
    error: ['errors', ...inData(fields.error ?? [])],
    errorCode: ['errors[*].extensions.code', ...inData(fields.errorCode ?? [])],
    errors: { ...CODES, ...fields.errors },
    errorMessage: ['errors[*].message', ...inData(fields.errorMessage ?? [])],
    done: typeof done === 'object' ? { ...done, path: inData(done.path) } : done,
    endEvent: 'complete',
  };
}

function inData(paths: string[]): string[];
function inData(paths: string[] | undefined): string[] | undefined;
function inData(paths: string[] | undefined): string[] | undefined {
  return paths?.map((path) => (path.startsWith('[') ? `data${path}` : `data.${path}`));
}
