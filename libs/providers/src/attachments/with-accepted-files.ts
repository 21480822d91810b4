import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { Message, UserMessage } from '../spec/prompt.js';
import type { Provider } from '../spec/provider.js';
import type { StreamPart, Warning } from '../spec/stream-part.js';
import { inlined, type InlinedCall } from '../http/stored-bytes.js';
import { decorated } from '../spec/decorated-model.js';
import type { AcceptedFiles } from './accepted-files.js';
import { fitPart, type FittedPart, type Recipient } from './fit-part.js';

/**
 * The provider, whose models get of pictures and files what they take. This is the one place that prepares them: each model of a
 * fallback chain gets its own, and so do calls of the gateway.
 */
export function withAcceptedFiles(
  provider: Provider,
  accepted: AcceptedFiles | null,
  sendsWholeFiles = false,
): Provider {
  const { countTokens } = provider;
  const recipientOf = ({ capabilities }: Pick<Provider, 'capabilities'>): Recipient => ({
    accepted,
    sees: capabilities.has('vision'),
  });
  return {
    ...provider,
    model(id, conversation) {
      const model = provider.model(id, conversation);
      return fittingModel(model, recipientOf(model), sendsWholeFiles);
    },
    ...(countTokens && {
      countTokens: async (model, call, signal) => {
        const fitted = await fitFiles(call, recipientOf(provider));
        const sent = await asSent(fitted.call, sendsWholeFiles, signal);
        return countTokens.call(provider, model, sent.call, signal).finally(sent.release);
      },
    }),
  };
}

/** `release`: the call is over. */
const asSent = async (call: ModelCall, sendsWholeFiles: boolean, signal: AbortSignal): Promise<InlinedCall> =>
  sendsWholeFiles ? inlined(call, signal) : { call, release: () => undefined };

function fittingModel(model: LanguageModel, recipient: Recipient, sendsWholeFiles: boolean): LanguageModel {
  return decorated(model, {
    // Without a layer around the answer: that would be work for each of its parts.
    stream: (call, signal) =>
      hasFiles(call)
        ? fittedStream(model, { ...recipient, sendsWholeFiles }, call, signal)
        : model.stream(call, signal),
  });
}

const hasFiles = ({ prompt }: ModelCall): boolean =>
  prompt.some(({ role, content }) => role === 'user' && content.some(({ type }) => type !== 'text'));

async function* fittedStream(
  model: LanguageModel,
  { sendsWholeFiles, ...recipient }: Recipient & { readonly sendsWholeFiles: boolean },
  call: ModelCall,
  signal: AbortSignal,
): AsyncGenerator<StreamPart> {
  const fitted = await fitFiles(call, recipient);
  signal.throwIfAborted();
  for (const warning of fitted.lost) yield { type: 'warning', warning };
  const sent = await asSent(fitted.call, sendsWholeFiles, signal);
  try {
    signal.throwIfAborted();
    yield* model.stream(sent.call, signal);
  } finally {
    sent.release();
  }
}

interface FittedCall {
  readonly call: ModelCall;
  readonly lost: readonly Warning[];
}

async function fitFiles(call: ModelCall, takes: Recipient): Promise<FittedCall> {
  const recipient = { ...takes, caller: call.caller && JSON.stringify([call.caller.tenantId, call.caller.userId]) };
  const newest = call.prompt.findLast(({ role }) => role === 'user');
  const lost: Warning[] = [];
  const prompt: Message[] = [];
  // One after another: a request with many pictures must not hold all of them decoded.
  for (const message of call.prompt) {
    const fitted = message.role === 'user' ? await fitMessage(message, recipient) : { message, lost: [] };
    prompt.push(fitted.message);
    for (const detail of fitted.lost) {
      lost.push({ code: 'unsupported_content', detail, notice: message === newest ? detail : null });
    }
  }
  return { call: { ...call, prompt }, lost };
}

async function fitMessage({ content }: UserMessage, recipient: Recipient) {
  const fitted: FittedPart[] = [];
  for (const part of content) {
    if (part.type !== 'text') fitted.push(await fitPart(part, recipient));
    // Many servers refuse an empty text beside a picture.
    else if (content.length === 1 || part.text.trim() !== '') fitted.push({ part });
  }
  const message: UserMessage = { role: 'user', content: fitted.map(({ part }) => part) };
  return { message, lost: fitted.flatMap((one) => one.lost ?? []) };
}
