import { Module } from '@nestjs/common';
import { AssistantsModule } from '../assistants/assistants.module.js';
import { ContextModule } from '../context/context.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { AssistantCallRunner } from './assistant-call-runner.js';

@Module({
  imports: [AssistantsModule, ContextModule, ProvidersModule],
  providers: [AssistantCallRunner],
  exports: [AssistantCallRunner],
})
export class AssistantCallsModule {}
