import { Transport } from '../../wire/transport.js';
import { DEFAULT_DEPS } from '../../wire/http-provider.js';
import { ProviderError, type ProviderErrorCode } from '../../spec/provider-error.js';
import { entriesOf } from './model-list.js';
import type { OpenAISettings } from './settings.js';

type ReadBody = (signal: AbortSignal) => Promise<string>;

/** Answers of a server that has no such list, such as a proxy in front of it. */
const MISSING: ReadonlySet<ProviderErrorCode> = new Set(['bad_request', 'model_unknown', 'malformed_response']);

/** Reads the list of a server's own, or by `read` where there is none. */
export function withNativeList(settings: OpenAISettings, read: ReadBody): ReadBody {
  const { nativeList: native, id, apiKey, headers } = settings;
  const baseUrl = settings.baseUrl.replace(/\/+$/, '');
  if (!native?.base.test(baseUrl)) return read;
  const key = native.keyHeader && apiKey !== undefined ? { [native.keyHeader]: apiKey } : {};
  const transport = new Transport(
    {
      ...settings,
      apiKey: native.keyHeader ? undefined : apiKey,
      baseUrl: baseUrl.replace(native.base, ''),
      headers: { ...key, ...headers },
    },
    DEFAULT_DEPS.now,
  );
  return async (signal) => {
    try {
      const text = await transport.read('GET', native.path, { ref: { provider: id } }, signal);
      if (hasModels(text)) return text;
    } catch (error) {
      if (!(error instanceof ProviderError && MISSING.has(error.code))) throw error;
    }
    return read(signal);
  };
}

/** Some servers answer every path with 200 and an error. */
function hasModels(text: string): boolean {
  try {
    return entriesOf(JSON.parse(text)).length > 0;
  } catch {
    return false;
  }
}
