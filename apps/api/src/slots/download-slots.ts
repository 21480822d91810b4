import { Injectable } from '@nestjs/common';
import { AppError } from '#runtime';
import { ApiConfig } from '../config.js';
import { UserSlots } from './user-slots.js';

/** The files of each user that are being sent. */
@Injectable()
export class DownloadSlots extends UserSlots {
  constructor({ requestLimits }: ApiConfig) {
    super(
      requestLimits.downloadsPerUser,
      (max) => new AppError('limit.downloads', `You are getting ${max} files already (limits.downloads.perUser).`),
    );
  }
}
