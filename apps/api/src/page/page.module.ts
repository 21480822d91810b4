import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { ModelsModule } from '../models/models.module.js';
import { PageConfigController } from './page-config.controller.js';

/** What pages are told about this server. */
@Module({ imports: [FilesModule, ModelsModule], controllers: [PageConfigController] })
export class PageModule {}
