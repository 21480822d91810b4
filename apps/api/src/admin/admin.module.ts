import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { type AuthMode, Database, ProviderKeys } from '#runtime';
import { Erasure } from '#runtime/api';
import { AuthModule } from '../auth/auth.module.js';
import { ApiConfig } from '../config.js';
import { FilesModule } from '../files/files.module.js';
import { ModelsModule } from '../models/models.module.js';
import { AuditController } from './audit.controller.js';
import { BreakersController } from './breakers.controller.js';
import { LimitsController } from './limits.controller.js';
import { KeysController } from './keys.controller.js';
import { PersonalDataController } from './personal-data.controller.js';
import { ProviderKeysController } from './provider-keys.controller.js';
import { ProvidersController } from './providers.controller.js';
import { QueueBoard } from './queue-board.js';
import { AdminRunsController } from './runs.controller.js';
import { AdminSessionController } from './session.controller.js';
import { AdminThreadsController } from './threads.controller.js';
import { UsageReportController } from './usage-report.controller.js';
import { WorkersController } from './workers.controller.js';

/** Routes for administrators only. Where nobody can be one, there are none, and their addresses are unknown ones. */
@Module({
  imports: [AuthModule, FilesModule, ModelsModule],
  controllers: [
    AdminRunsController,
    AdminSessionController,
    AdminThreadsController,
    AuditController,
    BreakersController,
    KeysController,
    LimitsController,
    PersonalDataController,
    ProviderKeysController,
    ProvidersController,
    UsageReportController,
    WorkersController,
  ],
  providers: [
    QueueBoard,
    Erasure,
    {
      provide: ProviderKeys,
      inject: [Database, ApiConfig],
      useFactory: (db: Database, { secretsKeys }: ApiConfig) => new ProviderKeys(db, secretsKeys),
    },
  ],
})
export class AdminModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly config: ApiConfig,
    private readonly board: QueueBoard,
  ) {}

  onModuleInit(): void {
    if (canHaveAdmins(this.config)) this.board.register(this.host.httpAdapter.getInstance());
  }
}

/** Whether any credential can be an administrator's. */
function canHaveAdmins({ adminToken, auth: { modes, jwt, trustedHeader } }: ApiConfig): boolean {
  const byMode: Partial<Record<AuthMode, boolean>> = {
    jwt: jwt.claims.roles !== undefined,
    trustedHeader: trustedHeader.rolesHeader !== undefined,
    apiKey: true,
    module: true,
  };
  return adminToken !== undefined || modes.some((mode) => byMode[mode]);
}
