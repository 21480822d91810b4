import { Module } from '@nestjs/common';
import { RunPublisher } from '#runtime/worker';
import { RunMetrics } from '../metrics/run-metrics.js';
import { ActiveRuns } from './active-runs.js';
import { AttemptRunner } from './attempt-runner.js';

const services = [ActiveRuns, AttemptRunner, RunMetrics, RunPublisher];

@Module({ providers: services, exports: services })
export class AttemptModule {}
