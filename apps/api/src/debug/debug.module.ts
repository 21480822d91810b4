import { Module } from '@nestjs/common';
import { DebugController } from './debug.controller.js';

@Module({ controllers: [DebugController] })
export class DebugModule {}
