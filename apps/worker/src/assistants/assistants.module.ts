import { Module } from '@nestjs/common';
import { provideBy } from '../nest/provide.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { TenantModels } from '../providers/tenant-models.js';
import { AssistantSettings } from './assistant-settings.js';
import { Assistants } from './assistants.js';

const assistants = provideBy(
  Assistants,
  [AssistantSettings, TenantModels],
  ({ loaded, transcriptionModel: model }, tenants) =>
    model === undefined
      ? loaded
      : loaded.withTranscription(async (ctx, speech) => {
          const registry = await tenants.of(ctx.tenant.id);
          return registry.transcribe(model, speech, ctx.signal);
        }),
);

@Module({ imports: [ProvidersModule], providers: [assistants], exports: [Assistants] })
export class AssistantsModule {}
