import { Module } from '@nestjs/common';
import { AssistantCallsModule } from '../assistant-calls/assistant-calls.module.js';
import { AttemptModule } from '../attempt/attempt.module.js';
import { GatewayModule } from '../gateway/gateway.module.js';
import { TurnModule } from '../turn/turn.module.js';
import { AssistantCallProcessor } from './assistant-call.processor.js';
import { QueueWorkers } from './queue-workers.js';
import { RunProcessor } from './run.processor.js';

@Module({
  imports: [AssistantCallsModule, AttemptModule, GatewayModule, TurnModule],
  providers: [AssistantCallProcessor, QueueWorkers, RunProcessor],
  exports: [QueueWorkers],
})
export class JobsModule {}
