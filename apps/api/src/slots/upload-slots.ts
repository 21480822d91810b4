import { Injectable } from '@nestjs/common';
import { AppError } from '#runtime';
import { ApiConfig } from '../config.js';
import { UserSlots } from './user-slots.js';

/** The uploads of each user that are being received. */
@Injectable()
export class UploadSlots extends UserSlots {
  constructor({ requestLimits }: ApiConfig) {
    super(
      requestLimits.uploadsPerUser,
      (max) => new AppError('limit.uploads', `You are sending ${max} files already (limits.uploads.perUser).`),
    );
  }
}
