import { type DynamicModule, Module } from '@nestjs/common';
import { type Logger, PlatformModule, POOL_CONNECTIONS } from '#runtime';
import { AdmissionModule } from '#runtime/api';
import { AdminModule } from './admin/admin.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChatKitModule } from './chatkit/chatkit.module.js';
import type { ApiConfig } from './config.js';
import { ConfigModule } from './config.module.js';
import { DebugModule } from './debug/debug.module.js';
import { ErrorsModule } from './errors/errors.module.js';
import { FilesModule } from './files/files.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HealthModule } from './health/health.module.js';
import { ModelsModule } from './models/models.module.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { PageModule } from './page/page.module.js';
import { RatesModule } from './rates/rates.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { UsageModule } from './usage/usage.module.js';
import { WebModule } from './web/web.module.js';

@Module({})
export class AppModule {
  static register(config: ApiConfig, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        OpenApiModule,
        ConfigModule.register(config),
        PlatformModule.register({
          ...config,
          name: 'chatkit-relay api',
          maxDatabaseConnections: POOL_CONNECTIONS,
          logger,
        }),
        AdmissionModule,
        AuthModule,
        RatesModule,
        ErrorsModule,
        WebModule,
        ModelsModule,
        PageModule,
        FilesModule,
        ChatKitModule,
        RunsModule,
        GatewayModule,
        SessionsModule,
        UsageModule,
        HealthModule,
        MonitoringModule,
        DebugModule,
        AdminModule,
      ],
    };
  }
}
