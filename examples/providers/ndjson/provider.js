import { defineProvider, PartWriter, ProviderError, z } from 'chatkit-relay/providers';
import { linesOf } from './lines.js';

const CODES = { 401: 'bad_key', 403: 'no_access', 404: 'model_unknown', 413: 'context_too_long', 429: 'rate_limited' };
const FINISH = { end: 'stop', limit: 'length', filter: 'content_filter' };

/** What the server knows, by our names. */
const SETTINGS = { temperature: 'temperature', maxTokens: 'max_tokens', stop: 'stop' };

async function ask(path, body, { settings, signal, ref }) {
  const response = await fetch(settings.url + path, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${settings.apiKey}` },
    body: body && JSON.stringify(body),
    signal,
  });
  if (response.ok) return response;
  const { status, headers } = response;
  const code = CODES[status] ?? (status < 500 ? 'bad_request' : 'unavailable');
  const seconds = Number(headers.get('retry-after'));
  const retryAfterMs = seconds > 0 ? seconds * 1000 : undefined;
  throw new ProviderError(code, { ref, status, retryAfterMs, detail: (await response.text()).slice(0, 200) });
}

const textOf = ({ content }) =>
  typeof content === 'string' ? content : content.map((part) => part.text ?? part.output ?? '').join('\n');
const messagesOf = (prompt) => prompt.map((message) => ({ role: message.role, text: textOf(message) }));

function* unsupported({ settings = {}, tools = [], prompt }) {
  for (const setting of Object.keys(settings).filter((name) => !SETTINGS[name])) {
    yield { code: 'unsupported_setting', setting, detail: 'Tiny does not know it' };
  }
  if (tools.length > 0) yield { code: 'unsupported_content', detail: 'Tiny has no tools' };
  const parts = prompt.flatMap(({ role, content }) => (role === 'user' ? content : []));
  if (parts.some(({ type }) => type !== 'text')) yield { code: 'unsupported_content', detail: 'Tiny reads text only' };
}

export default defineProvider({
  name: 'Tiny',
  defaultModel: 'tiny-1',
  capabilities: ['chat', 'generate', 'stream'],
  keyConfig: { required: true, label: 'Tiny key', where: 'https://tiny.example/keys' },
  settings: z.object({ url: z.url(), apiKey: z.string().min(1) }),

  async *stream(call, context) {
    const sent = Object.entries(call.settings ?? {}).flatMap(([name, value]) =>
      SETTINGS[name] && value !== undefined ? [[SETTINGS[name], value]] : [],
    );
    const body = { model: context.model, messages: messagesOf(call.prompt), ...Object.fromEntries(sent) };
    const response = await ask('/chat', body, context);
    const writer = new PartWriter();
    for (const warning of unsupported(call)) writer.warning(warning);
    for await (const line of linesOf(response.body)) {
      const { text = '', done, error, usage } = parse(line, context);
      if (error) throw new ProviderError('overloaded', { ref: context.ref, detail: error });
      writer.text(text);
      if (done) writer.finish({ unified: FINISH[done] ?? 'other', raw: done }, usageOf(usage));
      yield* writer.take();
    }
  },

  async listModels(context) {
    const { models } = await (await ask('/models', undefined, context)).json();
    return models.map((id) => ({ id }));
  },

  healthCheck: (context) => ask('/health', undefined, context),

  async countTokens({ prompt }, context) {
    const response = await ask('/count', { model: context.model, messages: messagesOf(prompt) }, context);
    return (await response.json()).tokens;
  },
});

function parse(line, { ref }) {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref, detail: `no JSON: ${line.slice(0, 80)}`, cause });
  }
}

const usageOf = (usage) => usage && { inputTokens: usage.in, outputTokens: usage.out };
