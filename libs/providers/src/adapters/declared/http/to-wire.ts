import { object } from '../../../http/json.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import { ProviderError } from '../../../spec/provider-error.js';
import type { WireRequest } from '../../../wire/wire-format.js';
import { declaredScope } from '../declared-provider.js';
import { encodePart, renderPath, renderTemplate, type TemplateScope } from '../template.js';
import { unplaced } from '../unplaced.js';
import type { HttpConfig } from './config.js';

const ACCEPT: Readonly<Record<HttpConfig['response']['stream'], string>> = {
  none: 'application/json',
  sse: 'text/event-stream, application/json',
  ndjson: 'application/x-ndjson, application/json',
  delimiter: '*/*',
  text: 'text/plain, */*',
};

/** A call as the entry declares it. @throws ProviderError `bad_request` for a model that would lead out of the path */
export function toWire(
  call: ModelCall,
  ref: ModelRef,
  { config, uses }: { readonly config: HttpConfig; readonly uses: ReadonlySet<string> },
): WireRequest {
  const { request } = config;
  const scope = declaredScope(call, ref, config);
  const body = request.body === undefined ? undefined : renderTemplate(request.body, scope);
  return {
    method: request.method,
    path: pathOf(config, scope, ref),
    headers: { ...acceptOf(config), ...headersOf(request.headers ?? {}, scope) },
    body: object(body) ? { ...call.providerOptions?.[ref.provider], ...object(body) } : body,
    warnings: unplaced(call, uses),
  };
}

function acceptOf({ headers, response }: HttpConfig): Record<string, string> {
  const own = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'accept');
  return own ? {} : { accept: ACCEPT[response.stream] };
}

function pathOf({ request }: HttpConfig, scope: TemplateScope, ref: ModelRef): string {
  const path = renderPath(request.path, scope);
  if (/(^|\/)\.{1,2}(\/|\?|$)/.test(path)) {
    throw new ProviderError('bad_request', { ref, detail: `the path would be ${path}` });
  }
  const query = queryOf(renderTemplate(request.query ?? {}, scope));
  return query ? `${path}${path.includes('?') ? '&' : '?'}${query}` : path;
}

function queryOf(query: unknown): string {
  const pairs = Object.entries(object(query) ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, textOf(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

function headersOf(templates: Readonly<Record<string, string>>, scope: TemplateScope): Record<string, string> {
  const rendered = Object.entries(templates).map(([name, value]) => [name.toLowerCase(), renderTemplate(value, scope)]);
  const present = rendered.filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(present.map(([name, value]) => [name, headerText(textOf(value))]));
}

const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);

/** A header has no place for other characters, and names of users do. */
const headerText = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/gu, encodePart);
