import { Module } from '@nestjs/common';
import { AttemptModule } from '../attempt/attempt.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { CompletionRunner } from './completion-runner.js';

@Module({ imports: [AttemptModule, ProvidersModule], providers: [CompletionRunner], exports: [CompletionRunner] })
export class GatewayModule {}
