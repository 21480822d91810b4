import { Module } from '@nestjs/common';
import { StreamsModule } from '../streams/streams.module.js';
import { RunStreams } from './run-streams.js';
import { RunsController } from './runs.controller.js';

@Module({ imports: [StreamsModule], controllers: [RunsController], providers: [RunStreams] })
export class RunsModule {}
