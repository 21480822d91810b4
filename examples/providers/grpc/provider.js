import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { credentials, loadPackageDefinition, Metadata, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { defineProvider, PartWriter, ProviderError, z } from 'chatkit-relay/providers';

const { parrot } = loadPackageDefinition(loadSync(fileURLToPath(new URL('chat.proto', import.meta.url))));

const CODES = {
  [status.UNAUTHENTICATED]: 'bad_key',
  [status.PERMISSION_DENIED]: 'no_access',
  [status.NOT_FOUND]: 'model_unknown',
  [status.INVALID_ARGUMENT]: 'bad_request',
  [status.RESOURCE_EXHAUSTED]: 'rate_limited',
  [status.DEADLINE_EXCEEDED]: 'timeout',
};

/** One client, that is one connection, for each address; it connects when it is first used. */
const clients = new Map();

function clientOf({ address, tls }) {
  const key = `${tls}:${address}`;
  if (!clients.has(key)) {
    clients.set(key, new parrot.v1.Chat(address, tls ? credentials.createSsl() : credentials.createInsecure()));
  }
  return clients.get(key);
}

function metadataOf({ apiKey }) {
  const metadata = new Metadata();
  if (apiKey) metadata.set('authorization', `Bearer ${apiKey}`);
  return metadata;
}

const failureOf = (cause, ref) =>
  new ProviderError(CODES[cause.code] ?? 'unavailable', { ref, detail: cause.details ?? cause.message, cause });

const textOf = ({ content }) =>
  typeof content === 'string' ? content : content.map((part) => part.text ?? part.output ?? '').join('\n');

export default defineProvider({
  name: 'Parrot over gRPC',
  defaultModel: 'grey',
  keyConfig: { required: false, label: 'Token', where: 'From the operator of the server.' },
  settings: z.object({ address: z.string(), tls: z.boolean().default(false), apiKey: z.string().optional() }),

  async *stream({ prompt, settings: wanted = {} }, { model, ref, settings, signal }) {
    const messages = prompt.map((message) => ({ role: message.role, text: textOf(message) }));
    const { temperature, maxTokens } = wanted;
    const call = clientOf(settings).answer({ model, messages, temperature, maxTokens }, metadataOf(settings));
    signal.addEventListener('abort', () => call.cancel(), { once: true });
    const writer = new PartWriter();
    try {
      for await (const { text, finish, inputTokens, outputTokens } of call) {
        writer.text(text);
        if (finish) writer.finish({ unified: finish, raw: finish }, { inputTokens, outputTokens });
        yield* writer.take();
      }
    } catch (error) {
      throw failureOf(error, ref);
    }
  },

  async listModels({ settings, ref }) {
    const client = clientOf(settings);
    try {
      const { models } = await promisify(client.listModels.bind(client))({}, metadataOf(settings));
      return models.map((id) => ({ id }));
    } catch (error) {
      throw failureOf(error, ref);
    }
  },
});
