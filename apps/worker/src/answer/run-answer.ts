import {
  type AnswerOptions,
  type AssistantDefinition,
  attachmentNote,
  type ItemConverter,
  type ModelMessage,
  type PerTurn,
  type RetrievedDocument,
  type ThreadItem,
  type Tool,
  toModelInput,
  type TurnContext,
  type TurnInput,
} from '#chatkit';
import {
  type ExtraFields,
  extraWithoutContent,
  forgetStored,
  type LanguageModel,
  type Message,
  type ModelCall,
  type ModelCaller,
  storedData,
  type Warning,
} from '#providers';
import type { OpenForModel } from '../context/read-for-model.js';
import type { TurnEnd } from '../context/turn-end.js';
import type { ItemTimes } from '../output/item-times.js';
import type { OpenWorkflow } from '../output/open-workflow.js';
import { TURN_BOUNDS, TurnTooLargeError } from '../output/turn-bounds.js';
import type { EventSink } from '../output/turn-output.js';
import { askFitting, type Asking } from './ask-fitting.js';
import { attachmentParts } from './attachment-parts.js';
import { bookedCall } from '../accounting/booked-call.js';
import { loggedWarning } from '../accounting/logged-warning.js';
import { ModelEvents, type ModelEventsDeps } from './model-events.js';
import type { Question } from './fit-window.js';
import { withQuestion } from './with-question.js';
import { TooManyModelCallsError } from './too-many-model-calls-error.js';
import { runTools } from './tool-round.js';
import type { StepLog } from '../attempt/step-log.js';
import type { UsageMeter } from '../attempt/usage-meter.js';

/** In one turn, where the assistant's `maxTurns` says nothing else. */
const MAX_MODEL_CALLS = 10;

export interface AnswerDeps {
  readonly ctx: TurnContext;
  readonly assistant: AssistantDefinition;
  readonly input: TurnInput;
  readonly resolveModel: (name: string | undefined) => LanguageModel;
  readonly caller: ModelCaller;
  readonly meter: UsageMeter;
  readonly onFrame?: ModelCall['onFrame'];
  readonly observe?: ModelCall['observe'];
  readonly steps: StepLog;
  readonly workflow: OpenWorkflow;
  readonly times: ItemTimes;
  readonly end: TurnEnd;
  /** What this turn has finished so far: the assistant's own code may have shown something before the model does. */
  readonly finishedItems: () => readonly ThreadItem[];
  /** Something of this turn has been shown already. */
  readonly hasShown: () => boolean;
  readonly beginUnsafe: () => Promise<void>;
  readonly openForModel: OpenForModel;
  readonly signal: AbortSignal;
}

interface Running extends AnswerDeps, Pick<ModelEventsDeps, 'onLostAnnotation'> {
  readonly onWarning: (warning: Warning, prompt: ModelCall['prompt']) => ReturnType<ModelEventsDeps['onWarning']>;
}

/** The built-in answer: model, tools, model again, until the model has nothing more to ask for. */
export async function runAnswer(deps: AnswerDeps, sink: EventSink, overrides: AnswerOptions = {}): Promise<void> {
  const files: StoredPart[] = [];
  try {
    await answerWith({ ...deps, files }, sink, overrides);
  } finally {
    files.forEach(forgetStored);
  }
}

/** Data of a prompt that stand for a file. */
type StoredPart = ReturnType<typeof storedData>;

/** `files`: those of this answer's prompts. */
type Preparing = AnswerDeps & { readonly files: StoredPart[] };

async function answerWith(deps: Preparing, sink: EventSink, overrides: AnswerOptions): Promise<void> {
  const { ctx, end, signal } = deps;
  const options: AnswerOptions = { ...deps.assistant, ...overrides };
  const model = deps.resolveModel(ctx.choice.model ?? (await perTurn(options.model, ctx)));
  const prepared = await prepare(deps, options);
  const running = { ...deps, onWarning: warningHandler(deps), onLostAnnotation: lostAnnotationHandler(deps) };
  const maxCalls = options.maxTurns ?? MAX_MODEL_CALLS;
  let toolCalls = 0;
  for (let number = 1; number <= maxCalls; number++) {
    signal.throwIfAborted();
    const whole = modelCall(deps, options, prepared, number === 1);
    const fitting = { log: ctx.log, question: prepared.question };
    const { call, answer } = await askFitting(whole, fitting, (fitted, asking) =>
      callModel(running, sink, model, { call: fitted, asking }),
    );
    if (isPaused(answer)) {
      const partial: Message[] = answer.content.length > 0 ? [{ role: 'assistant', content: answer.content }] : [];
      prepared.prompt = [...call.prompt, ...partial];
      continue;
    }
    if (answer.toolCalls.length === 0) return;
    toolCalls += answer.toolCalls.length;
    if (toolCalls > TURN_BOUNDS.toolCalls) throw new TurnTooLargeError('toolCalls', 'tool calls');
    const results = await runTools(
      {
        ctx,
        end,
        prompt: call.prompt,
        tools: prepared.tools,
        parallel: options.parallelToolCalls ?? true,
        beginUnsafe: deps.beginUnsafe,
        steps: deps.steps,
      },
      answer.toolCalls,
    );
    if (end.isReached || answer.toolCalls.some(({ name }) => options.stopAtTools?.includes(name))) return;
    prepared.prompt = [
      ...call.prompt,
      { role: 'assistant', content: answer.content },
      { role: 'tool', content: results },
    ];
  }
  throw new TooManyModelCallsError(maxCalls);
}

/** What all model calls of a turn share; the prompt grows with each. */
interface PreparedAnswer {
  prompt: readonly Message[];
  readonly question: Question;
  readonly tools: readonly Tool[];
  readonly documents: readonly RetrievedDocument[];
}

async function prepare(deps: Preparing, options: AnswerOptions): Promise<PreparedAnswer> {
  const { ctx, input } = deps;
  const [instructions, tools = [], documents = [], history] = await Promise.all([
    perTurn(options.instructions, ctx),
    perTurn(options.tools, ctx),
    options.documents?.(ctx, input),
    toMessages(deps),
  ]);
  return {
    prompt: [...(instructions ? [{ role: 'system' as const, content: instructions }] : []), ...history.messages],
    question: history.question,
    tools,
    documents,
  };
}

/** The thread up to this turn, then what the turn has shown by itself: the message stays the newest of its list [MI-4]. */
async function toMessages(deps: Preparing): Promise<{ messages: ModelMessage[]; question: Question }> {
  const { ctx, assistant, input, finishedItems } = deps;
  const known = new Set(input.items.map(({ id }) => id));
  const { hooks, question } = withQuestion({ ...(await attachmentHook(deps)), ...assistant.input }, input.items);
  const convert = (items: readonly ThreadItem[]): Promise<ModelMessage[]> =>
    toModelInput(items, hooks, (id) => ctx.store.readAttachment(id));
  const shown = finishedItems().filter(({ id }) => !known.has(id));
  return { messages: [...(await convert(input.items)), ...(await convert(shown))], question };
}

/** Attachments by their bytes [MI-3]. The person is told of those of this message that the model is not given. */
async function attachmentHook({
  ctx,
  assistant,
  input,
  openForModel,
  files,
}: Preparing): Promise<Partial<ItemConverter>> {
  if (assistant.input?.attachment) return {};
  const parts = await attachmentParts(input.items, openForModel, (file) => {
    const data = storedData(file);
    files.push(data);
    return data;
  });
  for (const { id, name } of input.userMessage?.attachments ?? []) {
    const problem = parts.get(id)?.problem;
    if (problem) await ctx.notice({ level: 'warning', message: `${name} ${problem}. The model did not get it.` });
  }
  return { attachment: ({ id, name }) => parts.get(id)?.part ?? attachmentNote(name, 'is no longer available') };
}

function modelCall(
  { ctx, hasShown }: AnswerDeps,
  { settings, providerOptions }: AnswerOptions,
  { prompt, tools, documents }: PreparedAnswer,
  isFirst: boolean,
): ModelCall {
  // The person's choice is for the first call; after it the model must be free to answer.
  const chosen = isFirst ? tools.find(({ name }) => name === ctx.choice.toolChoice)?.name : undefined;
  return {
    prompt,
    // The person must get some answer, and has one where the turn has shown something before.
    mayBeEmpty: hasShown(),
    ...(settings && { settings }),
    ...(providerOptions && { providerOptions }),
    ...(documents.length > 0 && { documents }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    }),
    ...(chosen !== undefined && { toolChoice: { name: chosen } }),
  };
}

async function callModel(
  deps: Running,
  sink: EventSink,
  model: LanguageModel,
  { call, asking }: { readonly call: ModelCall; readonly asking: Asking },
): Promise<ModelEvents> {
  const { ctx, caller, meter, onFrame, observe, workflow, signal } = deps;
  const events = new ModelEvents({
    sink,
    workflow,
    times: deps.times,
    documents: call.documents ?? [],
    threadId: ctx.thread.id,
    imagePreviews: deps.assistant.imagePreviews ?? 0,
    onWarning: (warning) => deps.onWarning(warning, call.prompt),
    onLostAnnotation: deps.onLostAnnotation,
  });
  for await (const part of model.stream(
    bookedCall(call, { caller, record: meter.recordAnswer, onFrame, observe }),
    signal,
  )) {
    asking.hasBegun ||= part.type !== 'warning' && part.type !== 'usage';
    const waiting = events.accept(part);
    // At once: the next beat tells those who watch the run.
    meter.sawText(events.firstTextAt);
    if (waiting) await waiting;
  }
  await markCut(ctx, events);
  if (events.extra) keepExtra(deps, events.extra, call.prompt);
  await events.end(events.toolCalls.length === 0 && !isPaused(events));
  return events;
}

/** Why an answer that has begun is not all of an answer, for the person: half of one must not pass for a whole one. */
const CUT: Readonly<Record<string, string>> = {
  length: 'The answer was cut off, because it reached its maximum length.',
  content_filter: 'The answer was cut off by a content filter.',
};
const UNCLEAR = 'The answer may be incomplete: the model did not say why it ended.';

async function markCut(ctx: TurnContext, { finish, firstTextAt, isUnclear }: ModelEvents): Promise<void> {
  if (!finish || !firstTextAt) return;
  const message = CUT[finish.unified] ?? (isUnclear ? UNCLEAR : undefined);
  if (message !== undefined) await ctx.notice({ level: 'warning', message });
}

const WARNED: Readonly<Record<Warning['code'], string>> = {
  unsupported_setting: 'the model did not get all of the request',
  unsupported_content: 'the model did not get all of the request',
  unknown_frames: 'some of the answer could not be read',
  unclear_finish: 'nothing says that the answer is whole',
};

function keepExtra({ ctx, meter }: AnswerDeps, extra: ExtraFields, prompt: ModelCall['prompt']): void {
  ctx.log.info('the provider sent more than the answer', { ...extraWithoutContent(extra, prompt) });
  meter.keepExtra(extra.named);
}

/** Logs every warning. The person gets a notice, once, of what the model did not get of what they attached to this message. */
function warningHandler({ ctx, input }: AnswerDeps): Running['onWarning'] {
  const hasAttached = (input.userMessage?.attachments.length ?? 0) > 0;
  const noticed = new Set<string>();
  return (warning, prompt) => {
    ctx.log.warn(WARNED[warning.code], loggedWarning(warning, prompt));
    if (!hasAttached || warning.code !== 'unsupported_content') return undefined;
    const { notice = 'The chosen model could not read an attached file.' } = warning;
    if (notice === null || noticed.has(notice)) return undefined;
    noticed.add(notice);
    return ctx.notice({ level: 'warning', message: notice });
  };
}

/** Says once, to the operator and the person, that an answer has more sources than are kept. */
function lostAnnotationHandler({ ctx }: AnswerDeps): ModelEventsDeps['onLostAnnotation'] {
  let isSaid = false;
  return () => {
    if (isSaid) return undefined;
    isSaid = true;
    const most = TURN_BOUNDS.annotations;
    ctx.log.warn('annotations of an answer were left out', { kept: most });
    return ctx.notice({ level: 'warning', message: `Only the first ${most} sources of the answer are kept.` });
  };
}

/** The provider has paused in the middle of work of its own, and continues when it is called with its answer so far. */
const isPaused = ({ finish, toolCalls }: ModelEvents): boolean => finish?.unified === 'pause' && toolCalls.length === 0;

async function perTurn<T>(value: PerTurn<T> | undefined, ctx: TurnContext): Promise<T | undefined> {
  return typeof value === 'function' ? (value as (ctx: TurnContext) => Promise<T>)(ctx) : value;
}
