import { checkHealth } from '../../../http/check-health.js';
import { CONNECT_MS } from '../../../http/http-client.js';
import type { Outgoing } from '../../../http/proxy-of.js';
import { secretsOf } from '../../../http/secrets-of.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import type { Provider } from '../../../spec/provider.js';
import type { FailureContext } from '../../../wire/errors.js';
import { failureRules } from '../failure-rules.js';
import { renderPath, renderTemplate, scopeOf } from '../template.js';
import { inspectTemplate } from '../template-check.js';
import type { WebSocketConfig } from './config.js';
import { ABOUT_REQUEST } from './vocabulary.js';
import type { Line } from './connection.js';
import { ConnectionPool } from './connection-pool.js';
import { MessageKinds } from './message-kinds.js';
import { WebSocketModel } from './model.js';

/** What tests replace, in milliseconds. */
export interface WebSocketDeps {
  readonly connectMs: number;
  readonly reconnectMs: number;
}

const DEFAULT_DEPS: WebSocketDeps = { connectMs: CONNECT_MS, reconnectMs: 500 };

/** An API over WebSockets whose messages the config file declares. Opens no connection before it is used. */
export function createWebSocketProvider(
  config: WebSocketConfig & Outgoing,
  { connectMs, reconnectMs }: WebSocketDeps = DEFAULT_DEPS,
): Provider {
  const { id, name = id, defaultModel, models, response, request, connection } = config;
  const capabilities = new Set(config.capabilities ?? (['chat', 'generate', 'stream'] as const));
  const kinds = new MessageKinds(response);
  const { uses } = inspectTemplate(request, config.vars, ABOUT_REQUEST);
  const context = contextOf(config);
  const shared = connection.mode === 'correlation';
  const pool = new ConnectionPool({ ...connection, max: shared ? 1 : connection.max, reconnectMs }, () =>
    lineOf(config, { kinds, shared, connectMs, context }),
  );
  const toRequest = (call: ModelCall, ref: ModelRef, requestId: string) => {
    const scope = scopeOf(call, ref, {
      roles: config.roles,
      flattening: config.flatten,
      vars: config.vars,
      now: new Date(),
    });
    return renderTemplate(request, { ...scope, apiKey: config.apiKey, requestId });
  };
  const init = { capabilities, pool, response, kinds, uses, toRequest, context };
  return {
    id,
    name,
    capabilities,
    defaultModel,
    ...(models && { models }),
    keyConfig: { required: false, label: 'API key', where: 'From the operator of the API.' },
    model: (model) => new WebSocketModel({ ...init, ref: { provider: id, model } }),
    async listModels(signal) {
      signal.throwIfAborted();
      return (models ?? [defaultModel]).map((model) => ({ id: model }));
    },
    healthCheck: (signal) => checkHealth(() => pool.probe(signal)),
  };
}

function contextOf(config: WebSocketConfig): FailureContext {
  const { id, apiKey = '', vars, headers, query, response } = config;
  const secrets = [apiKey, encodeURIComponent(apiKey), ...secretsOf({ vars, headers, query })];
  return { ref: { provider: id }, secrets, ...failureRules(response) };
}

/** A new connection's settings: a template may say the time. */
function lineOf(
  config: WebSocketConfig & Outgoing,
  rest: Pick<Line, 'kinds' | 'shared' | 'connectMs' | 'context'>,
): Line {
  const { subprotocol, auth, cancel, proxyOf, connection, response } = config;
  const scope = { apiKey: config.apiKey, vars: config.vars ?? {}, now: new Date() };
  const url = new URL(renderPath(config.url, scope));
  for (const [name, value] of rendered(config.query, scope)) url.searchParams.set(name, value);
  return {
    ...rest,
    frames: response.frames,
    url: url.href,
    subprotocol,
    headers: Object.fromEntries(rendered(config.headers, scope)),
    // Proxies are named for HTTP, which a WebSocket begins as.
    proxy: proxyOf?.(url.href.replace(/^ws/, 'http')),
    auth: auth && { ...auth, message: renderTemplate(auth.message, scope) },
    cancel:
      cancel === undefined
        ? undefined
        : (requestId) => renderTemplate(cancel, { ...scope, now: new Date(), requestId }),
    pingMs: connection.pingMs,
  };
}

/** Without those that there is nothing for. */
function rendered(templates: Readonly<Record<string, string>>, scope: Readonly<Record<string, unknown>>) {
  return Object.entries(templates).flatMap(([name, template]) => {
    const value = renderTemplate(template, scope);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
}
