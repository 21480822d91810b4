import { Module } from '@nestjs/common';
import { provideBy } from '../nest/provide.js';
import { AssistantSettings } from './assistant-settings.js';
import { Assistants } from './assistants.js';

const assistants = provideBy(Assistants, [AssistantSettings], ({ loaded, transcriptionModel }) =>
  transcriptionModel === undefined ? loaded : loaded.withTranscription(transcriptionModel),
);

@Module({ providers: [assistants], exports: [Assistants] })
export class AssistantsModule {}
