import { Module } from '@nestjs/common';
import { AssistantCalls, AssistantCallTimes, FeedbackStore } from '#runtime/api';
import { Assistants } from '../assistants/assistants.js';
import { FilesModule } from '../files/files.module.js';
import { ModelsModule } from '../models/models.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { AssistantOperations } from './assistant-operations.js';
import { AttachmentOperations } from './attachment-operations.js';
import { ChatKitController } from './chatkit.controller.js';
import { JsonOperations } from './json-operations.js';
import { StreamingOperations } from './streaming-operations.js';
import { ThreadOperations } from './thread-operations.js';
import { TurnStreams } from './turn-streams.js';
import { WaitingLine } from './waiting-line.js';

@Module({
  imports: [FilesModule, ModelsModule, StreamsModule],
  controllers: [ChatKitController],
  providers: [
    AssistantCalls,
    AssistantCallTimes,
    Assistants,
    AssistantOperations,
    AttachmentOperations,
    FeedbackStore,
    JsonOperations,
    StreamingOperations,
    ThreadOperations,
    TurnStreams,
    WaitingLine,
  ],
})
export class ChatKitModule {}
