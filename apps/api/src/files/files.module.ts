import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { AttachmentFiles, LocalAttachmentFiles } from '#runtime';
import { Attachments, AttachmentSettings, UploadRecords } from '#runtime/api';
import { AuthModule } from '../auth/auth.module.js';
import { ApiConfig } from '../config.js';
import { ErrorsModule } from '../errors/errors.module.js';
import { UploadSlots } from '../slots/upload-slots.js';
import { FileRoutes } from './file-routes.js';

const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024;

/** Attachments, and the routes that their bytes take. */
@Module({
  imports: [AuthModule, ErrorsModule],
  providers: [
    FileRoutes,
    Attachments,
    UploadRecords,
    UploadSlots,
    { provide: AttachmentSettings, useValue: { maxBytes: MAX_ATTACHMENT_BYTES } satisfies AttachmentSettings },
    {
      provide: AttachmentFiles,
      inject: [ApiConfig],
      useFactory: ({ dataDir }: ApiConfig) => new LocalAttachmentFiles(dataDir),
    },
  ],
  exports: [Attachments],
})
export class FilesModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly routes: FileRoutes,
  ) {}

  onModuleInit(): void {
    this.routes.register(this.host.httpAdapter.getInstance());
  }
}
