import { Global, Module } from '@nestjs/common';
import { RunExecution } from '../execution/run-execution.js';

/** What a worker does to runs, for all of its modules. */
@Global()
@Module({ providers: [RunExecution], exports: [RunExecution] })
export class ExecutionModule {}
