import { Injectable } from '@nestjs/common';
import { AppError } from '#runtime';
import { ApiConfig } from '../config.js';
import { UserSlots } from './user-slots.js';

/** The streams of each user: of turns, of runs that are followed, and completions. */
@Injectable()
export class StreamSlots extends UserSlots {
  constructor({ requestLimits }: ApiConfig) {
    super(
      requestLimits.streamsPerUser,
      (max) => new AppError('limit.streams', `You have ${max} answers open already (limits.openStreams.perUser).`),
    );
  }
}
