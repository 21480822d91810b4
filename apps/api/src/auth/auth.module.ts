import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Database, SigningKeys } from '#runtime';
import { ApiConfig } from '../config.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';

@Module({
  providers: [
    Authenticator,
    { provide: APP_GUARD, useClass: AuthGuard },
    {
      provide: SigningKeys,
      inject: [Database, ApiConfig],
      useFactory: ({ pool }: Database, { secretsKeys }: ApiConfig) => SigningKeys.load(pool, secretsKeys),
    },
  ],
  exports: [Authenticator, SigningKeys],
})
export class AuthModule {}
