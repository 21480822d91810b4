import { Module } from '@nestjs/common';
import { ApiKeyStore, Database, DatabaseClock, Logger, SigningKeys, UserReferences } from '#runtime';
import { ApiConfig } from '../config.js';
import { AdminSessions } from './admin-sessions.js';
import { createIsAdmin } from './admin-token.js';
import { Authenticator } from './authenticator.js';
import { LiveApiKeys } from './live-api-keys.js';
import { SessionTokens } from './session-tokens.js';
import { createStrategies } from './strategies/create-strategies.js';

/** Who asks. `authenticateRequests` asks it about every request. */
@Module({
  providers: [
    {
      provide: SigningKeys,
      inject: [Database, ApiConfig],
      useFactory: ({ system }: Database, { secretsKeys }: ApiConfig) => SigningKeys.load(system, secretsKeys),
    },
    {
      provide: UserReferences,
      inject: [SigningKeys],
      useFactory: (keys: SigningKeys) => new UserReferences(keys),
    },
    {
      provide: SessionTokens,
      inject: [SigningKeys, DatabaseClock],
      useFactory: (keys: SigningKeys, clock: DatabaseClock) => new SessionTokens(keys, clock),
    },
    { provide: ApiKeyStore, inject: [Database], useFactory: ({ system }: Database) => new ApiKeyStore(system) },
    LiveApiKeys,
    {
      provide: AdminSessions,
      inject: [SigningKeys, LiveApiKeys, DatabaseClock, ApiConfig],
      useFactory: (keys: SigningKeys, apiKeys: LiveApiKeys, clock: DatabaseClock, { adminToken }: ApiConfig) =>
        new AdminSessions({ keys, apiKeys, clock, adminToken }),
    },
    {
      provide: Authenticator,
      inject: [ApiConfig, Logger, LiveApiKeys, SessionTokens, AdminSessions],
      useFactory: async (
        config: ApiConfig,
        logger: Logger,
        apiKeys: LiveApiKeys,
        sessions: SessionTokens,
        administrators: AdminSessions,
      ) =>
        new Authenticator(
          await createStrategies(config.auth, { logger, apiKeys, sessions }),
          config.adminToken === undefined ? undefined : createIsAdmin(config.adminToken),
          administrators,
        ),
    },
  ],
  exports: [AdminSessions, Authenticator, SigningKeys, SessionTokens, ApiKeyStore, UserReferences],
})
export class AuthModule {}
