import { Module } from '@nestjs/common';
import { AssistantCalls, AssistantCallTimes, FeedbackStore } from '#runtime/api';
import { Assistants } from '../assistants/assistants.js';
import { FilesModule } from '../files/files.module.js';
import { ModelsModule } from '../models/models.module.js';
import { CallSlots } from '../slots/call-slots.js';
import { SearchSlots } from '../slots/search-slots.js';
import { StreamsModule } from '../streams/streams.module.js';
import { AssistantOperations } from './assistant-operations.js';
import { AttachmentOperations } from './attachment-operations.js';
import { Callers } from './callers.js';
import { ChatKitController } from './chatkit.controller.js';
import { FeedbackController } from './feedback.controller.js';
import { JsonOperations } from './json-operations.js';
import { StreamingOperations } from './streaming-operations.js';
import { ThreadOperations } from './thread-operations.js';
import { ThreadSearchController } from './thread-search.controller.js';
import { TurnStreams } from './turn-streams.js';

@Module({
  imports: [FilesModule, ModelsModule, StreamsModule],
  controllers: [ChatKitController, FeedbackController, ThreadSearchController],
  providers: [
    AssistantCalls,
    AssistantCallTimes,
    Assistants,
    AssistantOperations,
    AttachmentOperations,
    CallSlots,
    Callers,
    FeedbackStore,
    JsonOperations,
    SearchSlots,
    StreamingOperations,
    ThreadOperations,
    TurnStreams,
  ],
})
export class ChatKitModule {}
