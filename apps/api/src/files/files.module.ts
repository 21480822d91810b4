import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { AttachmentFiles, createAttachmentFiles, DeletedFiles } from '#runtime';
import { Attachments, AttachmentSettings, UploadRecords } from '#runtime/api';
import { AuthModule } from '../auth/auth.module.js';
import { ApiConfig } from '../config.js';
import { ErrorsModule } from '../errors/errors.module.js';
import { DownloadSlots } from '../slots/download-slots.js';
import { UploadSlots } from '../slots/upload-slots.js';
import { AbandonedUploads } from './abandoned-uploads.js';
import { FileAddresses } from './file-addresses.js';
import { FileRoutes } from './file-routes.js';

/** Attachments, and the routes that their bytes take. */
@Module({
  imports: [AuthModule, ErrorsModule],
  providers: [
    FileRoutes,
    AbandonedUploads,
    Attachments,
    DeletedFiles,
    FileAddresses,
    UploadRecords,
    UploadSlots,
    DownloadSlots,
    { provide: AttachmentSettings, inject: [ApiConfig], useFactory: ({ attachments }: ApiConfig) => attachments },
    {
      provide: AttachmentFiles,
      inject: [ApiConfig],
      useFactory: ({ files }: ApiConfig) => createAttachmentFiles(files),
    },
  ],
  exports: [AttachmentFiles, Attachments, DeletedFiles, FileAddresses],
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
