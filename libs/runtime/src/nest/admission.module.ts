import { Global, Module } from '@nestjs/common';
import { AdmittedRuns } from '../admission/admitted-runs.js';
import { RunAdmission } from '../admission/run-admission.js';

/** What the API does to runs, for all of its modules. */
@Global()
@Module({ providers: [AdmittedRuns, RunAdmission], exports: [RunAdmission] })
export class AdmissionModule {}
