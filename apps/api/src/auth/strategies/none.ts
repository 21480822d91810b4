import { DEFAULT_TENANT, type Identity } from '../identity.js';
import type { Strategy } from './strategy.js';

const ONE_USER: Identity = { tenantId: DEFAULT_TENANT, userId: 'local', roles: [], by: 'none' };

/** Nobody is asked who they are: all requests are from the same user, whatever they carry. */
export const noneStrategy: Strategy = { mode: 'none', recognizes: () => true, identify: () => ONE_USER };
