import { Module } from '@nestjs/common';
import { AttachmentBudget } from './attachment-budget.js';
import { AssistantContexts } from './assistant-contexts.js';

@Module({ providers: [AssistantContexts, AttachmentBudget], exports: [AssistantContexts, AttachmentBudget] })
export class ContextModule {}
