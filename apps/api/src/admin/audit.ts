import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '#runtime';
import { recordAudit, userHash } from '#runtime/api';
import { clientAddresses } from '../addresses/client-address.js';
import { DEFAULT_TENANT, type Identity } from '../auth/identity.js';

interface Deps {
  readonly db: Database;
  /** Whose `X-Forwarded-For` is believed. */
  readonly proxies: readonly string[];
  readonly refuse: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
}

/**
 * Records every request to a route that declares an audited action, before it is carried out: what cannot be recorded is not
 * done. Only the fields named here are looked at, so that no key and no text of a person gets into the log.
 */
export function auditAdministration(fastify: Pick<FastifyInstance, 'addHook'>, { db, proxies, refuse }: Deps): void {
  const addressOf = clientAddresses(proxies);
  fastify.addHook('preHandler', async (request, reply) => {
    const { identity } = request;
    const { audit: action } = request.routeOptions.config;
    if (action === undefined || !identity) return undefined;
    const about = subjectOf(request, action, identity);
    if (isRoutine(action, identity, about.tenantId)) return undefined;
    const address = addressOf(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for']);
    try {
      await recordAudit(db.pool, { actor: actorOf(identity), action, address, requestId: request.id, ...about });
      return undefined;
    } catch (error) {
      refuse(error, request, reply);
      return reply;
    }
  });
}

/** Names as JSON: they may have any sign in them. */
function actorOf({ by, keyId, tenantId, userId }: Identity): string {
  return by === 'adminToken'
    ? by
    : [by, ...(keyId === undefined ? [] : [keyId]), JSON.stringify([tenantId, userId])].join(' ');
}

/** A server that signs its own users in; an administrator who becomes somebody is what is to be on record. */
const isRoutine = (action: string, { by, tenantId }: Identity, tenant: string | undefined): boolean =>
  action === 'session.create' && by !== 'adminToken' && (tenant ?? tenantId) === tenantId;

/** Texts that are longer than any name are not of a request that will be carried out. */
const MAX_NAME = 256;
/** Routes whose requests are about all tenants when they name none. */
const OF_ALL_TENANTS = new Set(['provider_key.rotate', 'data.search', 'key.revoke']);

/** From where the route itself takes it: the query of `GET` and `DELETE`, else the body. */
function subjectOf({ method, params, query, body }: FastifyRequest, action: string, { tenantId: own }: Identity) {
  const isInQuery = method === 'GET' || method === 'DELETE';
  const given = { ...asObject(isInQuery ? query : body), ...asObject(params) };
  const name = (field: string): string | undefined => {
    const value = given[field];
    return typeof value === 'string' && value.length <= MAX_NAME ? value.replaceAll('\0', '') : undefined;
  };
  const byDefault = action === 'session.create' ? own : DEFAULT_TENANT;
  const tenantId = name('tenant') ?? (OF_ALL_TENANTS.has(action) ? undefined : byDefault);
  const user = name('user');
  const subject =
    user === undefined ? (name('id') ?? name('provider') ?? name('name')) : userHash(tenantId ?? DEFAULT_TENANT, user);
  return { tenantId, subject };
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
