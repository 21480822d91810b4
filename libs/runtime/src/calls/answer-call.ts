import { AppError } from '../errors/app-error.js';
import { callChannel, type RunBus } from '../events/run-bus.js';
import { type AssistantCall, type CallReply, calls, type StoredReply } from './call.js';
import type { CallStore } from './call-store.js';

export interface AnswerCallDeps {
  readonly store: CallStore;
  readonly bus: RunBus;
  /** Told of everything that the asker is not. */
  readonly onError: (error: Error) => void;
}

/**
 * The answering side: takes the call, lets it be handled, writes the reply and pokes who waits for it. A call that is
 * taken or given up already is nobody's any more. An `AppError` reaches the asker in its own words, everything else
 * without any.
 */
export async function answerCall(
  { store, bus, onError }: AnswerCallDeps,
  callId: string,
  handle: (call: AssistantCall) => Promise<CallReply>,
): Promise<void> {
  const call = await store.take(callId);
  if (!call) return;
  const askedBy = await store.answer(callId, await replyOf(call, handle, onError));
  if (askedBy === undefined) return;
  // The asker looks at the row by itself, only later.
  await bus.send(callChannel(askedBy), callId).catch(onError);
}

async function replyOf(
  call: AssistantCall,
  handle: (call: AssistantCall) => Promise<CallReply>,
  onError: (error: Error) => void,
): Promise<StoredReply> {
  try {
    return { value: calls[call.kind].reply.parse(await handle(call)) };
  } catch (error) {
    onError(error as Error);
    if (error instanceof AppError) return { error: { code: error.code, message: error.message } };
    return { error: { code: 'internal', message: 'The assistant could not do this.' } };
  }
}
