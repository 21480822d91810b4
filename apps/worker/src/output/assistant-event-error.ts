import type { ThreadItem } from '#chatkit';
import { z } from 'zod';

/** An assistant's code said something that is no event of the protocol. */
export class AssistantEventError extends Error {
  override readonly name = 'AssistantEventError';

  static of(event: unknown, error: z.ZodError): AssistantEventError {
    const type = typeof event === 'object' && event !== null && 'type' in event ? String(event.type) : typeof event;
    return new AssistantEventError(`the assistant yielded no valid event (${type}): ${z.prettifyError(error)}`);
  }

  static ofThread({ id, thread_id }: ThreadItem): AssistantEventError {
    return new AssistantEventError(`the assistant yielded the item ${id} of another thread, ${thread_id}`);
  }
}
