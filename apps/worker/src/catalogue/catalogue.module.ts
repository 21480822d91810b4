import { Module } from '@nestjs/common';
import { AssistantsModule } from '../assistants/assistants.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { CataloguePublisher } from './catalogue-publisher.js';

@Module({
  imports: [AssistantsModule, ProvidersModule],
  providers: [CataloguePublisher],
  exports: [CataloguePublisher],
})
export class CatalogueModule {}
