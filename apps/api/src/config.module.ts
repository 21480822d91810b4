import { type DynamicModule, Module } from '@nestjs/common';
import { ApiConfig } from './config.js';

/** The configuration, for every other module to inject. */
@Module({})
export class ConfigModule {
  static register(config: ApiConfig): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: ApiConfig, useValue: config }],
      exports: [ApiConfig],
    };
  }
}
