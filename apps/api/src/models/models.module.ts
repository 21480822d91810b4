import { Module } from '@nestjs/common';
import { CachedCatalogue } from './cached-catalogue.js';
import { ModelNames } from './model-names.js';
import { ModelsController } from './models.controller.js';
import { WorkerWatch } from './worker-watch.js';

@Module({
  controllers: [ModelsController],
  providers: [CachedCatalogue, ModelNames, WorkerWatch],
  exports: [CachedCatalogue, ModelNames, WorkerWatch],
})
export class ModelsModule {}
