import { newId } from '#chatkit';
import { AppError } from '#runtime';
import type { RetryTarget, RunAdmission } from '#runtime/api';

/**
 * Answers the message of a run again, for its user and within the user's limits. Returns the id of the new run, which anybody who has
 * the thread open follows. Throws `AppError` `run.not_retryable`, and what admission refuses.
 */
export async function retryRun(
  admission: Pick<RunAdmission, 'admit' | 'dispatch'>,
  { id, tenantId, ownerId, threadId, triggerItemId, assistantId, state, answersMessage }: RetryTarget,
  requestId: string,
): Promise<string> {
  if (state !== 'failed' && state !== 'cancelled')
    throw refused(`it is ${state}, and only failed and stopped runs can be`);
  if (threadId === null)
    throw refused('it is a completion of the gateway, whose request is not kept: its caller has to ask again');
  if (triggerItemId === null || !answersMessage)
    throw refused('it did not answer a message, or its message has been deleted');
  const runId = newId('run');
  const auth = { tenantId, userId: ownerId, roles: [], requestId };
  const { dispatch } = await admission.admit(auth, {
    trigger: 'threads.retry_after_item',
    runId,
    threadId,
    itemId: triggerItemId,
    afterRun: id,
    assistantId,
    context: { requestId },
  });
  if (dispatch) await admission.dispatch(dispatch);
  return runId;
}

const refused = (why: string): AppError =>
  new AppError('run.not_retryable', `The run cannot be answered again: ${why}.`);
