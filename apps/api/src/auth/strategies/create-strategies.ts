import type { AuthMode, Logger } from '#runtime';
import type { AuthConfig } from '../../auth-config.js';
import type { LiveApiKeys } from '../live-api-keys.js';
import type { SessionTokens } from '../session-tokens.js';
import { apiKeyStrategy } from './api-key.js';
import { jwtStrategy } from './jwt.js';
import { noneStrategy } from './none.js';
import { loadAuthModule, moduleStrategy } from './operators-module.js';
import { sessionStrategy } from './session.js';
import type { Strategy } from './strategy.js';
import { trustedHeaderStrategy } from './trusted-header.js';

export interface StrategyDeps {
  readonly logger: Logger;
  readonly apiKeys: LiveApiKeys;
  readonly sessions: SessionTokens;
}

/** The strategies of the modes in use, whatever the order in which the operator lists them. */
export async function createStrategies(auth: AuthConfig, deps: StrategyDeps): Promise<readonly Strategy[]> {
  const made: Record<AuthMode, () => Strategy | Promise<Strategy>> = {
    none: () => noneStrategy,
    jwt: () => jwtStrategy(auth.jwt, deps.logger),
    apiKey: () => apiKeyStrategy(deps.apiKeys),
    session: () => sessionStrategy(deps.sessions, deps.apiKeys),
    trustedHeader: () => trustedHeaderStrategy(auth),
    module: async () => moduleStrategy(await loadAuthModule(auth.module ?? '')),
  };
  return Promise.all(auth.modes.map(async (mode) => made[mode]()));
}
