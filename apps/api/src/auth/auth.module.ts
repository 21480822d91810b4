import { Module } from '@nestjs/common';
import { ApiKeyStore, Database, DatabaseClock, Logger, SigningKeys } from '#runtime';
import { ApiConfig } from '../config.js';
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
      useFactory: ({ pool }: Database, { secretsKeys }: ApiConfig) => SigningKeys.load(pool, secretsKeys),
    },
    {
      provide: SessionTokens,
      inject: [SigningKeys, DatabaseClock],
      useFactory: (keys: SigningKeys, clock: DatabaseClock) => new SessionTokens(keys, clock),
    },
    { provide: ApiKeyStore, inject: [Database], useFactory: ({ pool }: Database) => new ApiKeyStore(pool) },
    {
      provide: LiveApiKeys,
      inject: [ApiKeyStore, Logger],
      useFactory: (store: ApiKeyStore, logger: Logger) => new LiveApiKeys(store, logger),
    },
    {
      provide: Authenticator,
      inject: [ApiConfig, Logger, LiveApiKeys, SessionTokens],
      useFactory: async (config: ApiConfig, logger: Logger, apiKeys: LiveApiKeys, sessions: SessionTokens) =>
        new Authenticator(
          await createStrategies(config.auth, { logger, apiKeys, sessions }),
          config.adminToken === undefined ? undefined : createIsAdmin(config.adminToken),
        ),
    },
  ],
  exports: [Authenticator, SigningKeys, SessionTokens, ApiKeyStore],
})
export class AuthModule {}
