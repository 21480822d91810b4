import { Injectable } from '@nestjs/common';
import { AppError } from '#runtime';
import { UserSlots } from './user-slots.js';

export const SEARCHES_PER_USER = 1;

/** The searches of each user: one reads as much of the database as a hundred ordinary requests. */
@Injectable()
export class SearchSlots extends UserSlots {
  constructor() {
    super(
      SEARCHES_PER_USER,
      () => new AppError('limit.searches', 'You are searching already. Wait for its answer (limit searches).'),
    );
  }
}
