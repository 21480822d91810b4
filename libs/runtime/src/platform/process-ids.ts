import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** Ids of processes: in channel names and on run rows, never shown to a user. New at every start. */
export const newWorkerId = (): string => `wrk_${randomBytes(9).toString('hex')}`;
const newInstanceId = (): string => `api_${randomBytes(9).toString('hex')}`;

/** The id of this API instance: part of the channels on which it listens. */
@Injectable()
export class InstanceId {
  readonly id = newInstanceId();
}
