import { Module } from '@nestjs/common';
import { RunPublisher } from '#runtime/worker';
import { ActiveRuns } from './active-runs.js';
import { AttemptRunner } from './attempt-runner.js';

const services = [ActiveRuns, AttemptRunner, RunPublisher];

@Module({ providers: services, exports: services })
export class AttemptModule {}
