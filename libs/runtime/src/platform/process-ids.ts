import { randomBytes } from 'node:crypto';

/** Names of processes: in channel names and on run rows, never seen by a user. New at every start. */
export const newWorkerId = (): string => `wrk_${randomBytes(9).toString('hex')}`;
export const newInstanceId = (): string => `api_${randomBytes(9).toString('hex')}`;
