import type { Outgoing } from '../../../http/proxy-of.js';
import { secretsOf } from '../../../http/secrets-of.js';
import type { Provider } from '../../../spec/provider.js';
import type { Framing } from '../../../wire/wire-format.js';
import { createDeclaredProvider } from '../declared-provider.js';
import { inspectTemplate } from '../template-check.js';
import type { HttpConfig } from './config.js';
import { toWire } from './to-wire.js';

/** An API over HTTP whose requests and answers the config file declares. */
export function createDeclaredHttpProvider(config: HttpConfig & Outgoing): Provider {
  const { request, response } = config;
  const { path, query, headers, body } = request;
  const { uses } = inspectTemplate({ path, query, headers, body }, config.vars);
  return createDeclaredProvider({
    config,
    uses,
    framing: framingOf(response),
    response: { ...response, text: response.text ?? [] },
    secrets: secretsOf({ vars: config.vars, headers, query, body }),
    toWire: (call, ref) => toWire(call, ref, { config, uses }),
  });
}

/** Lines are split regardless of the content type: servers call them JSON. */
function framingOf({ stream, delimiter = '\n', frames }: HttpConfig['response']): Framing {
  switch (stream) {
    case 'none':
      return 'whole';
    case 'text':
      return 'text';
    case 'ndjson':
      return { delimiter, content: 'json' };
    case 'delimiter':
      return { delimiter, content: frames };
    case 'sse':
      return { events: true, content: frames };
  }
}
