import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { Completions } from './completions.js';
import { GatewayController } from './gateway.controller.js';

@Module({ imports: [ModelsModule, StreamsModule], controllers: [GatewayController], providers: [Completions] })
export class GatewayModule {}
