import { Module } from '@nestjs/common';
import { CachedCatalogue } from './cached-catalogue.js';
import { ModelNames } from './model-names.js';
import { ModelsController } from './models.controller.js';

@Module({
  controllers: [ModelsController],
  providers: [CachedCatalogue, ModelNames],
  exports: [CachedCatalogue, ModelNames],
})
export class ModelsModule {}
