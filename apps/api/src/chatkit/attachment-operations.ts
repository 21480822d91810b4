import { Injectable } from '@nestjs/common';
import type { Attachment, RequestOf } from '#chatkit';
import { Attachments } from '#runtime/api';
import type { Caller } from './caller.js';

@Injectable()
export class AttachmentOperations {
  constructor(private readonly attachments: Attachments) {}

  /** First phase of an upload [RQ-22]. */
  create({ auth, links }: Caller, params: RequestOf<'attachments.create'>['params']): Promise<Attachment> {
    const { name, mime_type: mimeType, size } = params;
    return this.attachments.announce(auth, { name, mimeType }, size, links);
  }

  async delete({ auth }: Caller, params: RequestOf<'attachments.delete'>['params']): Promise<object> {
    await this.attachments.delete(auth, params.attachment_id);
    return {};
  }
}
