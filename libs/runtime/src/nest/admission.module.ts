import { Global, Module } from '@nestjs/common';
import { RunAdmission } from '../admission/run-admission.js';

/** What the API does to runs, for all of its modules. */
@Global()
@Module({ providers: [RunAdmission], exports: [RunAdmission] })
export class AdmissionModule {}
