import { Module } from '@nestjs/common';
import { AssistantsModule } from '../assistants/assistants.module.js';
import { AttemptModule } from '../attempt/attempt.module.js';
import { ContextModule } from '../context/context.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { ThreadTitles } from './thread-titles.js';
import { TurnRunner } from './turn-runner.js';

@Module({
  imports: [AssistantsModule, AttemptModule, ContextModule, ProvidersModule],
  providers: [ThreadTitles, TurnRunner],
  exports: [TurnRunner],
})
export class TurnModule {}
