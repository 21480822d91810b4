import { Module } from '@nestjs/common';
import { AssistantContexts } from './assistant-contexts.js';

@Module({ providers: [AssistantContexts], exports: [AssistantContexts] })
export class ContextModule {}
