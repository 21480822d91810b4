import type { ThreadItem } from '#chatkit';
import { z } from 'zod';
import { RunFailure } from '../attempt/run-failure.js';

/** An assistant's code yielded something that is not an event of the protocol. */
export class AssistantEventError extends RunFailure {
  override readonly name = 'AssistantEventError';
  override readonly errorCode = 'run.assistant';

  static of(event: unknown, error: z.ZodError): AssistantEventError {
    const type = typeof event === 'object' && event !== null && 'type' in event ? String(event.type) : typeof event;
    return new AssistantEventError(`the assistant yielded no valid event (${type}): ${z.prettifyError(error)}`);
  }

  static ofThread({ id, thread_id }: ThreadItem): AssistantEventError {
    return new AssistantEventError(`the assistant yielded the item ${id} of another thread, ${thread_id}`);
  }
}
