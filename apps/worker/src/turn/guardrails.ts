import type { Guardrail, ItemOf, TurnContext, UserMessageItem } from '#chatkit';
import { unlessAborted } from '#providers';
import type { Assistant } from '../assistants/assistant.js';
import type { TurnAttempt } from './turn-attempt.js';
import { RunFailure } from '../attempt/run-failure.js';
import { LEAVE_AFTER_MS } from '../attempt/leave-after.js';

/** A guardrail has tripped: what the turn produced is withdrawn [GF-21]. */
export class GuardrailTrippedError extends RunFailure {
  override readonly name = 'GuardrailTrippedError';
  override readonly errorCode = 'run.guardrail';

  constructor(
    readonly guardrail: string,
    /** In the assistant's words, for the person. */
    readonly userMessage: string | undefined,
  ) {
    super(`the guardrail "${guardrail}" has tripped`);
  }
}

/**
 * Answers under the assistant's guardrails. The input is checked while the model works, and stops it; the output is checked
 * when it is complete.
 */
export async function guarded(
  { output, run }: TurnAttempt,
  { definition }: Assistant,
  ctx: TurnContext,
  message: UserMessageItem | undefined,
  answer: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { input = [], output: outputChecks = [] } = definition.guardrails ?? {};
  if (input.length === 0 || !message) await answer(run.signal);
  else await besideChecks(run.signal, answer, () => checkAll(input, ctx, textsOf(message).join('')));
  if (outputChecks.length === 0) return;
  await output.flush();
  const texts = [...output.finished.values()].flatMap((item) =>
    item.type === 'assistant_message' ? textsOf(item) : [],
  );
  await checkAll(outputChecks, ctx, texts.join('\n'));
}

async function besideChecks(
  signal: AbortSignal,
  answer: (signal: AbortSignal) => Promise<void>,
  check: () => Promise<void>,
): Promise<void> {
  const tripped = new AbortController();
  const checks = check().catch((error: unknown) => {
    tripped.abort(error);
    throw error;
  });
  checks.catch(() => undefined);
  await unlessAborted(tripped.signal, answer(AbortSignal.any([signal, tripped.signal])), LEAVE_AFTER_MS);
  await checks;
}

async function checkAll(guardrails: readonly Guardrail[], ctx: TurnContext, text: string): Promise<void> {
  await Promise.all(
    guardrails.map(async ({ name, check }) => {
      const result = await check(ctx, text);
      const { tripped, message } = typeof result === 'boolean' ? { tripped: result, message: undefined } : result;
      if (tripped) throw new GuardrailTrippedError(name, message);
    }),
  );
}

const textsOf = ({ content }: UserMessageItem | ItemOf<'assistant_message'>): string[] =>
  content.map((part) => part.text);
