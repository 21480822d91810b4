import {
  type ResponseOptions,
  type FinishReason,
  type LanguageModel,
  type ModelCall,
  ProviderError,
  type ProviderOptions,
  type StreamPart,
  type Usage,
} from '#providers';
import type { ChatCompletionRequest, Claim } from '#runtime';
import { bookedCall } from '../accounting/booked-call.js';
import { callerOf } from '../attempt/caller-of.js';
import type { RunTurnDeps } from '../turn/turn-attempt.js';
import { type CacheOptions, cachedModel } from './cached-model.js';
import type { Completion, CompletionHead } from './completion.js';
import { UnsupportedError } from './completion-errors.js';
import type { GatewayTurn } from './run-completion.js';
import { StreamedCompletion } from './streamed-completion.js';
import { toModelCall } from './to-model-call.js';
import { WholeCompletion } from './whole-completion.js';

/** What the configuration says about calls of the gateway. */
export interface GatewaySettings {
  /** Absent: no answer is kept. */
  readonly cache: CacheOptions | undefined;
  /** The response format as request fields of each provider that supports it. */
  readonly responseOptions: (options: ResponseOptions) => ProviderOptions;
}

/**
 * Asks the model that a stored call names, and writes what it says. Returns what is to be sent when the call is settled.
 * @throws ProviderError, HookRefusal, UnsupportedError, LogCeilingError, and the run's own stop reason
 */
export async function answerCompletion(deps: RunTurnDeps, turn: GatewayTurn, claim: Claim): Promise<string> {
  const { completion: request } = claim.request;
  if (!request) throw new Error('the stored call is missing');
  const model = modelFor(deps, claim, request);
  const completion = completionFor(claim.runId, request, model);
  const whole = toModelCall(request);
  const asked = { ...whole, mayBeEmpty: mayBeEmpty(whole), ...responseOptionsOf(deps.gateway, request, model) };
  const call = bookedCall(asked, { caller: callerOf(claim), record: turn.meter.recordAnswer });
  const { finish, usage } = await write(turn, model, call, completion);
  return completion.end(finish, usage);
}

/** The caller's own limit of tokens may be spent on thoughts; and of what tools have done there may be nothing to say. */
const mayBeEmpty = ({ prompt, settings }: ModelCall): boolean =>
  settings?.maxTokens !== undefined || prompt.at(-1)?.role === 'tool';

/** Hooks see every call, also one that the cache answers: they may refuse it. */
function modelFor(deps: RunTurnDeps, claim: Claim, { model: name }: ChatCompletionRequest): LanguageModel {
  const { cache } = deps.gateway;
  const model = deps.registry.resolve(name);
  const { tenantId } = claim;
  const kept = cache
    ? cachedModel(model, { tenantId, name }, { ...cache, store: deps.engine.cache, logger: deps.logger })
    : model;
  return deps.hooks.around(kept, callerOf(claim));
}

function completionFor(runId: string, request: ChatCompletionRequest, { ref }: LanguageModel): Completion {
  const head: CompletionHead = {
    id: runId.replace('run_', 'chatcmpl-'),
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  if (!request.stream) return new WholeCompletion(head, ref);
  return new StreamedCompletion(head, ref, { includeUsage: request.stream_options?.include_usage ?? false });
}

function responseOptionsOf(
  { responseOptions }: GatewaySettings,
  { response_format: format, parallel_tool_calls: parallel, tools }: ChatCompletionRequest,
  { ref }: LanguageModel,
): Pick<ModelCall, 'providerOptions'> {
  const wanted = formatOf(format);
  // The field is refused without at least one tool.
  const parallelToolCalls = tools?.length ? (parallel ?? undefined) : undefined;
  if (!wanted && parallelToolCalls === undefined) return {};
  const providerOptions = responseOptions({
    ...(wanted && { format: wanted }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
  });
  if (wanted && !providerOptions[ref.provider]) {
    throw new UnsupportedError('response_format', 'This model cannot be made to answer in JSON.');
  }
  return { providerOptions };
}

function formatOf(format: ChatCompletionRequest['response_format']): ResponseOptions['format'] {
  if (!format || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: format.type };
  const { name, schema, description, strict } = format.json_schema;
  return {
    type: format.type,
    name,
    schema,
    ...(description != null && { description }),
    ...(strict != null && { strict }),
  };
}

interface Finished {
  readonly finish: FinishReason;
  readonly usage: Usage | undefined;
}

/** What the call came to is counted whatever becomes of it. */
async function write(
  { writer, meter, run, logger }: GatewayTurn,
  model: LanguageModel,
  call: ModelCall,
  completion: Completion,
): Promise<Finished> {
  let usage: Usage | undefined;
  let finish: FinishReason | undefined;
  let firstTextAt: Date | undefined;
  try {
    for await (const part of model.stream(call, run.signal)) {
      if (part.type === 'warning') logger.warn({ ...part.warning }, 'the model did not get all of it');
      if (isAnswer(part)) firstTextAt ??= new Date();
      if (part.type === 'usage') ({ usage } = part);
      if (part.type === 'finish') {
        finish = part.reason;
        usage = part.usage ?? usage;
      }
      const frames = completion.accept(part);
      if (frames !== '') writer.write(frames);
    }
  } finally {
    meter.sawText(firstTextAt);
  }
  if (!finish) throw new ProviderError('stream_truncated', { ref: model.ref, detail: 'stream ended without finish' });
  return { finish, usage };
}

const isAnswer = ({ type }: StreamPart): boolean =>
  type === 'text-delta' || type === 'reasoning-delta' || type === 'tool-call-start';
