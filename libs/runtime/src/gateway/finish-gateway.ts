import type { Database } from '../platform/database.js';
import { loadSettledRun } from '../runs/load-run.js';
import { ANSWER_LOST, CANCELLED, encodeGatewayError, type GatewayError, gatewayErrorOf } from './gateway-error.js';

/**
 * The frame that ends a settled call whose log cannot go on: answers are not kept in Postgres, so what it says is always
 * an error, the run's own where it has one.
 */
export async function finishGatewayFromStore(db: Database, runId: string, showCauses: boolean): Promise<Buffer> {
  const settled = await loadSettledRun(db, runId);
  return Buffer.from(encodeGatewayError(errorOf(settled?.run, showCauses)));
}

type Settled = NonNullable<Awaited<ReturnType<typeof loadSettledRun>>>['run'];

function errorOf(run: Settled | undefined, showCauses: boolean): GatewayError {
  if (run?.state === 'cancelled') return CANCELLED;
  if (run?.state !== 'failed') return ANSWER_LOST;
  const error = gatewayErrorOf(run.errorCode ?? 'run.internal', run.errorDetail ?? undefined, showCauses);
  const { userError } = run;
  return userError && 'message' in userError && userError.message ? { ...error, message: userError.message } : error;
}
