import {
  extraWithoutContent,
  type FinishReason,
  type FitCall,
  type LanguageModel,
  type ModelCall,
  ProviderError,
  type Registry,
  type StreamPart,
  type Usage,
} from '#providers';
import type { ChatCompletionRequest, DatabaseClock, ResponseCache } from '#runtime';
import { bookedCall } from '../accounting/booked-call.js';
import { loggedWarning } from '../accounting/logged-warning.js';
import { callerOf } from '../attempt/caller-of.js';
import type { RunAttempt } from '../attempt/run-attempt.js';
import type { Hooks } from '../hooks/hooks.js';
import { cachedModel } from './cached-model.js';
import type { Completion, CompletionHead } from './completion.js';
import type { CompletionSettings } from './completion-settings.js';
import { refuseTooLong } from './refuse-too-long.js';
import { type RequestOptions, requestOptions } from './request-options.js';
import { CompletionWarnings } from './completion-warnings.js';
import { StreamedCompletion } from './streamed-completion.js';
import { toModelCall } from './to-model-call.js';
import { WholeCompletion } from './whole-completion.js';

export interface AnswerCompletionDeps {
  readonly registry: Pick<Registry, 'resolve'>;
  readonly hooks: Hooks;
  readonly cache: ResponseCache;
  readonly settings: CompletionSettings;
  readonly clock: Pick<DatabaseClock, 'now'>;
}

/**
 * Asks the model that a stored request names, and writes what it answers. Returns what is to be sent when the run has
 * settled.
 * @throws ProviderError, HookRefusal, UnsupportedError, LogCeilingError, and the run's own stop reason
 */
export async function answerCompletion(deps: AnswerCompletionDeps, attempt: RunAttempt): Promise<string> {
  const { claim } = attempt.run;
  const { completion: request } = claim.request;
  if (!request) throw new Error('the stored request is missing');
  const model = modelFor(deps, attempt, request);
  const completion = completionFor(deps, claim.runId, request, model);
  const whole = toModelCall(request);
  const warnings = new CompletionWarnings();
  const { options, warnings: left, warningsAt } = requestOptions(deps.settings, request, model.ref);
  for (const warning of left) warnings.add(warning);
  const asked = {
    ...whole,
    mayBeEmpty: mayBeEmpty(whole),
    fit: fitFor(warningsAt, warnings),
    mustHave: MUST_HAVE,
    ...options,
  };
  const call = bookedCall(asked, {
    caller: callerOf(claim),
    record: attempt.meter.recordAnswer,
    onFrame: attempt.onFrame,
    observe: attempt.trace?.observe,
  });
  const { finish, usage } = await write(deps, attempt, { model, call, completion, warnings });
  return warnings.before(completion.end(finish, usage));
}

/** Each model that is asked must take the messages as they are, and what it has no place for is told. */
function fitFor(warningsAt: RequestOptions['warningsAt'], warnings: CompletionWarnings): FitCall {
  return async (model, call, signal) => {
    for (const warning of warningsAt(model.ref)) warnings.add(warning);
    return refuseTooLong(model, call, signal);
  };
}

/**
 * What a caller would not notice the loss of until it is too late. Everything else that a model refuses is left out, and said in a
 * header; see docs/gateway.md.
 */
const MUST_HAVE: NonNullable<ModelCall['mustHave']> = new Set(['images', 'files', 'response_format']);

/** The caller's own limit of tokens may be spent on thoughts; and after what tools have done there may be nothing to add. */
const mayBeEmpty = ({ prompt, settings }: ModelCall): boolean =>
  settings?.maxTokens !== undefined || prompt.at(-1)?.role === 'tool';

/** Hooks see every request, also one that the cache answers: they may refuse it. */
function modelFor(
  { registry, hooks, cache: store, settings: { cache } }: AnswerCompletionDeps,
  { run: { claim }, logger }: RunAttempt,
  { model: name }: ChatCompletionRequest,
): LanguageModel {
  const model = registry.resolve(name);
  const { tenantId } = claim;
  const cached = cache ? cachedModel(model, { tenantId, name }, { ...cache, store, logger }) : model;
  return hooks.around(cached, callerOf(claim), logger);
}

function completionFor(
  { clock }: AnswerCompletionDeps,
  runId: string,
  request: ChatCompletionRequest,
  { ref }: LanguageModel,
): Completion {
  const head: CompletionHead = {
    id: runId.replace('run_', 'chatcmpl-'),
    created: Math.floor(clock.now().getTime() / 1000),
    model: request.model,
  };
  if (!request.stream) return new WholeCompletion(head, ref);
  return new StreamedCompletion(head, ref, { includeUsage: request.stream_options?.include_usage ?? false });
}

interface Finished {
  readonly finish: FinishReason;
  readonly usage: Usage | undefined;
}

interface Writing {
  readonly model: LanguageModel;
  readonly call: ModelCall;
  readonly completion: Completion;
  readonly warnings: CompletionWarnings;
}

async function write(
  { clock }: AnswerCompletionDeps,
  { writer, meter, run, logger }: RunAttempt,
  { model, call, completion, warnings }: Writing,
): Promise<Finished> {
  let usage: Usage | undefined;
  let finish: FinishReason | undefined;
  for await (const part of model.stream(call, run.signal)) {
    noteLoss(part, call, logger, warnings);
    if (!meter.firstTextAt && isAnswer(part)) meter.sawText(clock.now());
    if (part.type === 'usage') ({ usage } = part);
    if (part.type === 'finish') {
      finish = part.reason;
      usage = part.usage ?? usage;
      if (part.extra) {
        const logged = extraWithoutContent(part.extra, call.prompt);
        logger.info({ ...logged }, 'the provider sent more than the answer');
      }
      meter.keepExtra(part.extra?.named);
    }
    const frames = completion.accept(part);
    if (frames !== '') writer.write(warnings.before(frames));
  }
  if (!finish) throw new ProviderError('stream_truncated', { ref: model.ref, detail: 'stream ended without finish' });
  return { finish, usage };
}

/** What the model did not get, and what the caller does not. */
function noteLoss(
  part: StreamPart,
  { prompt }: ModelCall,
  logger: RunAttempt['logger'],
  warnings: CompletionWarnings,
): void {
  if (part.type === 'warning') {
    logger.warn(loggedWarning(part.warning, prompt), 'the model did not get all of the request');
    warnings.add(part.warning);
  }
  if (part.type === 'image-failed') {
    logger.warn('a picture of the answer could not be made');
    warnings.addLostPicture();
  }
}

const isAnswer = ({ type }: StreamPart): boolean =>
  type === 'text-delta' || type === 'reasoning-delta' || type === 'tool-call-start';
