import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { FilePart, ImagePart, Message, UserMessage } from '../spec/prompt.js';
import type { PreparedCall, Provider } from '../spec/provider.js';
import type { StreamPart, Warning } from '../spec/stream-part.js';
import { inlined } from '../http/stored-bytes.js';
import { warnedParts } from '../parts/warned-parts.js';
import { decorated } from '../spec/decorated-model.js';
import type { AcceptedFiles } from './accepted-files.js';
import { fitPart, type FittedPart, type Recipient } from './fit-part.js';

/**
 * The provider, whose models get of pictures and files what they take. This is the one place that prepares them: each model of a
 * fallback chain gets its own, and so do calls of the gateway. Whoever has not asked `prepareFiles` before has them prepared when
 * the answer is asked for.
 */
export function withAcceptedFiles(
  provider: Provider,
  accepted: AcceptedFiles | null,
  sendsWholeFiles = false,
): Provider {
  const { countTokens } = provider;
  const preparer = ({ capabilities }: Pick<Provider, 'capabilities'>): Prepare => {
    const recipient = { accepted, sees: capabilities.has('vision') };
    return (call, signal) => prepared(call, { recipient, sendsWholeFiles, signal });
  };
  return {
    ...provider,
    model(id, conversation) {
      const model = provider.model(id, conversation);
      return fittingModel(model, preparer(model));
    },
    prepareFiles: (id, call, signal) => preparer(provider.model(id))(call, signal),
    ...(countTokens && {
      countTokens: async (model, call, signal) => {
        const { call: fitted, release } = await preparer(provider)(call, signal);
        return countTokens.call(provider, model, asSent(fitted), signal).finally(release);
      },
    }),
  };
}

type Prepare = (call: ModelCall, signal: AbortSignal) => Promise<PreparedCall>;

interface Preparing {
  readonly recipient: Recipient;
  readonly sendsWholeFiles: boolean;
  readonly signal: AbortSignal;
}

async function prepared(call: ModelCall, { recipient, sendsWholeFiles, signal }: Preparing): Promise<PreparedCall> {
  if (!hasFiles(call)) return { call, release: () => undefined };
  const fitted = await fitFiles(call, recipient, signal);
  signal.throwIfAborted();
  const ready = { ...fitted.call, fitted: fitted.lost };
  return sendsWholeFiles ? inlined(ready, signal) : { call: ready, release: () => undefined };
}

const hasFiles = ({ prompt }: ModelCall): boolean =>
  prompt.some(({ role, content }) => role === 'user' && content.some(({ type }) => type !== 'text'));

const asSent = ({ fitted: _fitted, ...call }: ModelCall): ModelCall => call;

function fittingModel(model: LanguageModel, prepare: Prepare): LanguageModel {
  return decorated(model, {
    // Without a layer around the answer: that would be work for each of its parts.
    stream(call, signal) {
      if (call.fitted) return warnedParts(call.fitted, model.stream(asSent(call), signal));
      return hasFiles(call) ? preparedStream(model, prepare, call, signal) : model.stream(call, signal);
    },
  });
}

async function* preparedStream(
  model: LanguageModel,
  prepare: Prepare,
  call: ModelCall,
  signal: AbortSignal,
): AsyncGenerator<StreamPart> {
  const { call: ready, release } = await prepare(call, signal);
  try {
    signal.throwIfAborted();
    yield* warnedParts(ready.fitted ?? [], model.stream(asSent(ready), signal));
  } finally {
    release();
  }
}

interface FittedCall {
  readonly call: ModelCall;
  readonly lost: readonly Warning[];
}

async function fitFiles(call: ModelCall, takes: Recipient, signal: AbortSignal): Promise<FittedCall> {
  const recipient = { ...takes, caller: call.caller && JSON.stringify([call.caller.tenantId, call.caller.userId]) };
  const newest = call.prompt.findLast(({ role }) => role === 'user');
  const lost: Warning[] = [];
  const prompt: Message[] = [];
  const fit: Fit = (part) => (isRefused(part, call) ? { part: emptied(part) } : fitPart(part, recipient, signal));
  // One after another: a request with many pictures must not hold all of them decoded.
  for (const message of call.prompt) {
    const fitted = message.role === 'user' ? await fitMessage(message, fit) : { message, lost: [] };
    prompt.push(fitted.message);
    for (const detail of fitted.lost) {
      lost.push({ code: 'unsupported_content', detail, notice: message === newest ? detail : null });
    }
  }
  return { call: { ...call, prompt }, lost };
}

type File = ImagePart | FilePart;
type Fit = (part: File) => FittedPart | Promise<FittedPart>;

/** What the model has refused gets a remark in its place later; see `without-features.ts`. Until then nothing of it is read. */
const isRefused = ({ type }: File, { without }: ModelCall): boolean =>
  without?.has(type === 'image' ? 'images' : 'files') ?? false;

const emptied = (part: File): File => ({ ...part, data: { type: 'base64', data: '' } });

async function fitMessage({ content }: UserMessage, fit: Fit) {
  const fitted: FittedPart[] = [];
  for (const part of content) {
    if (part.type !== 'text') fitted.push(await fit(part));
    // Many servers refuse an empty text beside a picture.
    else if (content.length === 1 || part.text.trim() !== '') fitted.push({ part });
  }
  const message: UserMessage = { role: 'user', content: fitted.map(({ part }) => part) };
  return { message, lost: fitted.flatMap((one) => one.lost ?? []) };
}
