import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** Names of processes: in channel names and on run rows, never seen by a user. New at every start. */
export const newWorkerId = (): string => `wrk_${randomBytes(9).toString('hex')}`;
const newInstanceId = (): string => `api_${randomBytes(9).toString('hex')}`;

/** This process among the API's instances: part of the channels on which it listens. */
@Injectable()
export class InstanceId {
  readonly id = newInstanceId();
}
