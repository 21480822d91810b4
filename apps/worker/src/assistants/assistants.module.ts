import { Module } from '@nestjs/common';
import { provideBy } from '../nest/provide.js';
import { ModelRegistry } from '../providers/model-registry.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { AssistantSettings } from './assistant-settings.js';
import { Assistants } from './assistants.js';

const assistants = provideBy(
  Assistants,
  [AssistantSettings, ModelRegistry],
  ({ loaded, transcriptionModel: model }, registry) =>
    model === undefined
      ? loaded
      : loaded.withTranscription((ctx, speech) => registry.transcribe(model, speech, ctx.signal)),
);

@Module({ imports: [ProvidersModule], providers: [assistants], exports: [Assistants] })
export class AssistantsModule {}
