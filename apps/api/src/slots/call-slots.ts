import { Injectable } from '@nestjs/common';
import { AppError } from '#runtime';
import { UserSlots } from './user-slots.js';

export const CALLS_PER_USER = 20;

/** The calls of each user to an assistant's code without a stream: sync actions, dictation and feedback that is passed on. */
@Injectable()
export class CallSlots extends UserSlots {
  constructor() {
    super(
      CALLS_PER_USER,
      (max) => new AppError('limit.calls', `${max} actions of yours are being carried out already (limit calls).`),
    );
  }
}
