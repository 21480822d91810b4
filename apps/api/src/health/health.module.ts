import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { TrickleController } from './trickle.controller.js';

@Module({ controllers: [HealthController, TrickleController] })
export class HealthModule {}
