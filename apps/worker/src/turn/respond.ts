import {
  type AnswerOptions,
  newId,
  type ThreadItem,
  type TurnContext,
  type TurnInput,
  type UserMessageItem,
} from '#chatkit';
import type { RunExecution } from '#runtime/worker';
import { answerStream } from '../answer/answer-stream.js';
import { type AnswerDeps, runAnswer } from '../answer/run-answer.js';
import type { Assistant } from '../assistants/assistant.js';
import { turnContext } from '../context/turn-context.js';
import { runAction } from './run-action.js';
import { forwardEvents } from './forward-events.js';
import { guarded } from './guardrails.js';
import { callerOf } from '../attempt/caller-of.js';
import type { PreparedTurn } from './prepare-turn.js';
import type { TurnAttempt } from './turn-attempt.js';

/** Notes that a tool which must not run twice begins. */
type ToolExecution = Pick<RunExecution, 'beginTool'>;

/** What ends the answer: the run's stop, and the input guardrails while they run beside it. */
interface Scope {
  signal: AbortSignal;
}

/** Answers a turn: an action by its handler, everything else by the assistant's own code or the built-in answer. */
export async function respond(
  execution: ToolExecution,
  turn: TurnAttempt,
  assistant: Assistant,
  prepared: PreparedTurn,
): Promise<void> {
  const { output, end, run } = turn;
  const input: TurnInput = { userMessage: messageOf(turn, prepared.items), items: prepared.items };
  const scope: Scope = { signal: run.signal };
  const ctx = contextOf(execution, turn, assistant, prepared, input, scope);
  if (run.claim.trigger === 'threads.custom_action') await runAction(turn, assistant, ctx);
  else {
    output.workflow.continueFrom(input.items);
    await guarded(turn, assistant, ctx, input.userMessage, (signal) => {
      scope.signal = signal;
      return answer(turn, assistant, ctx, answerDeps({ execution, turn, assistant, ctx, prepared, input }, signal));
    });
  }
  await output.storeWorkflow();
  if (end.clientCall) {
    const { callId = newId('tool_call'), ...call } = end.clientCall;
    const item = ctx.item({ type: 'client_tool_call', status: 'pending', call_id: callId, ...call });
    await output.emitLast({ type: 'thread.item.done', item });
  }
}

async function answer(
  { output }: TurnAttempt,
  { definition }: Assistant,
  ctx: TurnContext,
  deps: AnswerDeps,
): Promise<void> {
  if (!definition.respond) return runAnswer(deps, output);
  await forwardEvents(output, definition.respond(ctx, deps.input), deps.signal);
}

function contextOf(
  execution: ToolExecution,
  turn: TurnAttempt,
  assistant: Assistant,
  prepared: PreparedTurn,
  input: TurnInput,
  scope: Scope,
): TurnContext {
  const { run, output, end } = turn;
  const { base, thread } = prepared;
  const answerFor = (left: AbortSignal): AnswerDeps =>
    answerDeps({ execution, turn, assistant, ctx, prepared, input }, AbortSignal.any([scope.signal, left]));
  const ctx = turnContext({
    base,
    thread,
    claim: run.claim,
    output,
    end,
    answer: (options?: AnswerOptions) => answerStream((sink, left) => runAnswer(answerFor(left), sink, options)),
  });
  return ctx;
}

interface Answering {
  readonly execution: ToolExecution;
  readonly turn: TurnAttempt;
  readonly assistant: Assistant;
  readonly ctx: TurnContext;
  readonly prepared: PreparedTurn;
  readonly input: TurnInput;
}

function answerDeps(
  { execution, turn, assistant: { definition }, ctx, prepared, input }: Answering,
  signal: AbortSignal,
): AnswerDeps {
  const { output, meter, steps, end, run, models, onFrame, trace } = turn;
  return {
    ctx,
    assistant: definition,
    input,
    caller: callerOf(run.claim),
    meter,
    onFrame,
    observe: trace?.observe,
    steps,
    end,
    signal,
    workflow: output.workflow,
    openForModel: prepared.openForModel,
    times: output.times,
    resolveModel: (name) => models.resolve(name),
    finishedItems: () => [...output.finished.values()],
    hasShown: () => output.produced.size > 0,
    beginUnsafe: async () => {
      if (!(await execution.beginTool(run.claim))) run.stop('lease_lost');
    },
  };
}

/** The message that the run answers: the stored one on a retry; none after a tool's output or a form. */
export function messageOf(
  { run }: Pick<TurnAttempt, 'run'>,
  items: readonly ThreadItem[],
): UserMessageItem | undefined {
  const item = items.find(({ id }) => id === run.claim.triggerItemId);
  return item?.type === 'user_message' ? item : undefined;
}
