import {
  type AnswerOptions,
  type AssistantDefinition,
  type ModelMessage,
  type PerTurn,
  type RetrievedDocument,
  type Tool,
  toModelInput,
  type TurnContext,
  type TurnInput,
} from '#chatkit';
import { type LanguageModel, type Message, type ModelCall, ProviderError } from '#providers';
import type { TurnEnd } from '../context/turn-end.js';
import type { OpenWorkflow } from '../turn/open-workflow.js';
import type { EventSink } from '../turn/turn-output.js';
import { documentsPrompt } from './documents-prompt.js';
import { ModelEvents } from './model-events.js';
import { TooManyTurnsError } from './too-many-turns-error.js';
import { runTools } from './tool-round.js';
import type { TurnMeter } from './turn-meter.js';

const MAX_TURNS = 10;

export interface AnswerDeps {
  readonly ctx: TurnContext;
  readonly assistant: AssistantDefinition;
  readonly input: TurnInput;
  readonly resolveModel: (name: string | undefined) => LanguageModel;
  readonly meter: TurnMeter;
  readonly workflow: OpenWorkflow;
  readonly end: TurnEnd;
  /** Something of this turn can be seen already. */
  readonly hasShown: () => boolean;
  readonly beginUnsafe: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** The built-in answer: model, tools, model again, until the model has nothing more to ask for. */
export async function runAnswer(deps: AnswerDeps, sink: EventSink, overrides: AnswerOptions = {}): Promise<void> {
  const { ctx, end, signal } = deps;
  const options: AnswerOptions = { ...deps.assistant, ...overrides };
  const { tools, documents, prompt } = await prepare(deps, options);
  const model = deps.resolveModel(ctx.choice.model ?? (await perTurn(options.model, ctx)));
  deps.meter.begin(model.ref);
  for (let turn = 1; turn <= (options.maxTurns ?? MAX_TURNS); turn++) {
    signal.throwIfAborted();
    const call = modelCall(deps, options, { prompt, tools, isFirst: turn === 1 });
    const answer = await callModel(deps, sink, model, call, documents);
    if (answer.toolCalls.length === 0) return;
    const results = await runTools(
      { ctx, end, tools, parallel: options.parallelToolCalls ?? true, beginUnsafe: deps.beginUnsafe },
      answer.toolCalls,
    );
    if (end.isReached || answer.toolCalls.some(({ name }) => options.stopAtTools?.includes(name))) return;
    prompt.push({ role: 'assistant', content: answer.said }, { role: 'tool', content: results });
  }
  throw new TooManyTurnsError(options.maxTurns ?? MAX_TURNS);
}

async function prepare(deps: AnswerDeps, options: AnswerOptions) {
  const { ctx, assistant, input } = deps;
  const [instructions, tools, documents, history] = await Promise.all([
    perTurn(options.instructions, ctx),
    perTurn(options.tools, ctx),
    options.documents?.(ctx, deps.input),
    toModelInput(input.items, assistant.input ?? {}, (id) => ctx.store.readAttachment(id)),
  ]);
  const retrieved: readonly RetrievedDocument[] = documents ?? [];
  const system = [instructions, retrieved.length > 0 ? documentsPrompt(retrieved) : undefined].filter(Boolean);
  const prompt: Message[] = [
    ...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n\n') }] : []),
    ...(history satisfies readonly ModelMessage[]),
  ];
  return { tools: tools ?? ([] as readonly Tool[]), documents: retrieved, prompt };
}

function modelCall(
  { ctx }: AnswerDeps,
  { settings, providerOptions }: AnswerOptions,
  { prompt, tools, isFirst }: { prompt: readonly Message[]; tools: readonly Tool[]; isFirst: boolean },
): ModelCall {
  // What the person picked holds for the first call; after it the model must be free to answer.
  const chosen = isFirst ? tools.find(({ name }) => name === ctx.choice.toolChoice)?.name : undefined;
  return {
    prompt: [...prompt],
    ...(settings && { settings }),
    ...(providerOptions && { providerOptions }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    }),
    ...(chosen !== undefined && { toolChoice: { name: chosen } }),
  };
}

async function callModel(
  deps: AnswerDeps,
  sink: EventSink,
  model: LanguageModel,
  call: ModelCall,
  documents: readonly RetrievedDocument[],
): Promise<ModelEvents> {
  const { ctx, meter, workflow, signal } = deps;
  const events = new ModelEvents({
    sink,
    workflow,
    documents,
    threadId: ctx.thread.id,
    imagePreviews: deps.assistant.imagePreviews ?? 0,
  });
  try {
    for await (const part of model.stream(call, signal)) {
      const waiting = events.accept(part);
      if (waiting) await waiting;
    }
  } finally {
    meter.add(events);
  }
  assertAnswered(deps, events, model);
  await events.end(events.toolCalls.length === 0);
  return events;
}

/** A complete stream that says nothing is no answer: the person must not be left without one. */
function assertAnswered({ hasShown }: AnswerDeps, events: ModelEvents, { ref }: LanguageModel): void {
  if (events.hasAnswer || events.toolCalls.length > 0 || hasShown()) return;
  const { finish } = events;
  const detail = `the model finished (${finish?.raw ?? finish?.unified ?? 'no reason given'}) without any text`;
  throw new ProviderError(finish?.unified === 'content_filter' ? 'content_filtered' : 'empty_response', {
    ref,
    detail,
  });
}

async function perTurn<T>(value: PerTurn<T> | undefined, ctx: TurnContext): Promise<T | undefined> {
  return typeof value === 'function' ? (value as (ctx: TurnContext) => Promise<T>)(ctx) : value;
}
