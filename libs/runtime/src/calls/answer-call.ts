import { AppError } from '../errors/app-error.js';
import { callChannel, type RunBus } from '../events/run-bus.js';
import { type AssistantCall, type CallReply, calls, type StoredReply } from './call.js';
import type { CallStore } from './call-store.js';

export interface AnswerCallDeps {
  readonly store: CallStore;
  readonly bus: RunBus;
  /** Receives the errors that are hidden from the caller. */
  readonly onError: (error: unknown, call: AssistantCall) => void;
}

/**
 * The answering side: takes the call, runs its handler, writes the reply and notifies the waiting instance. A call that
 * has been taken already, or whose caller has given up, is skipped. The caller receives the code and message of an
 * `AppError`; any other error reaches it without details.
 */
export async function answerCall(
  { store, bus, onError }: AnswerCallDeps,
  callId: string,
  handle: (call: AssistantCall) => Promise<CallReply>,
): Promise<void> {
  const call = await store.take(callId);
  if (!call) return;
  const askedBy = await store.answer(call, await replyOf(call, handle, onError));
  if (askedBy === undefined) return;
  // When the notification is lost, the caller finds the reply at its next look at the row.
  await bus.send(callChannel(askedBy), callId).catch((error: unknown) => onError(error, call));
}

async function replyOf(
  call: AssistantCall,
  handle: (call: AssistantCall) => Promise<CallReply>,
  onError: AnswerCallDeps['onError'],
): Promise<StoredReply> {
  try {
    return { value: calls[call.kind].reply.parse(await handle(call)) };
  } catch (error) {
    onError(error, call);
    if (error instanceof AppError) return { error: { code: error.code, message: error.message } };
    return { error: { code: 'internal', message: 'The assistant could not do this.' } };
  }
}
