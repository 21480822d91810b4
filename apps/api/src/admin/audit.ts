import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database, UserReferences } from '#runtime';
import { recordAudit, clientAddresses } from '#runtime/api';
import { actorOf, DEFAULT_TENANT, type Identity } from '../auth/identity.js';

interface Deps {
  readonly db: Database;
  readonly references: UserReferences;
  /** Whose `X-Forwarded-For` is believed. */
  readonly proxies: readonly string[];
  readonly refuse: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
}

/**
 * Records every request to a route that declares an audited action, before it is carried out: what cannot be recorded is not
 * done. Only the fields named here are looked at, so that no key and no text of a person gets into the log.
 */
export function auditAdministration(
  fastify: Pick<FastifyInstance, 'addHook'>,
  { db, references, proxies, refuse }: Deps,
): void {
  const addressOf = clientAddresses(proxies);
  fastify.addHook('preHandler', async (request, reply) => {
    const { identity } = request;
    const { audit: action } = request.routeOptions.config;
    if (action === undefined || !identity) return undefined;
    const about = subjectOf(request, action, identity, references);
    if (isRoutine(action, identity, about.tenantId)) return undefined;
    const address = addressOf(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for']);
    try {
      await recordAudit(db.system, { actor: actorOf(identity), action, address, requestId: request.id, ...about });
      return undefined;
    } catch (error) {
      refuse(error, request, reply);
      return reply;
    }
  });
}

/** A server that signs its own users in; an administrator who becomes somebody is what is to be on record. */
const isRoutine = (action: string, { by, tenantId }: Identity, tenant: string | undefined): boolean =>
  action === 'session.create' && by !== 'adminToken' && (tenant ?? tenantId) === tenantId;

/** Texts that are longer than any name are not of a request that will be carried out. */
const MAX_NAME = 256;
/** Routes whose requests are about the default tenant when they name none; those of others are then about all, or about none. */
const OF_DEFAULT_TENANT = new Set(['key.create', 'user.export', 'user.erase']);

/** From where the route itself takes it: the query of `GET` and `DELETE`, else the body. */
function subjectOf(
  { method, params, query, body }: FastifyRequest,
  action: string,
  { tenantId: own }: Identity,
  references: UserReferences,
) {
  const isInQuery = method === 'GET' || method === 'DELETE';
  const given = { ...asObject(isInQuery ? query : body), ...asObject(params) };
  const name = (field: string): string | undefined => {
    const value = given[field];
    return typeof value === 'string' && value.length <= MAX_NAME ? value.replaceAll('\0', '') : undefined;
  };
  const tenantId = name('tenant') ?? (action === 'session.create' ? own : tenantByDefault(action));
  const user = name('user');
  const subject =
    user === undefined
      ? (name('id') ?? name('provider') ?? name('name'))
      : references.of(tenantId ?? DEFAULT_TENANT, user);
  return { tenantId, subject };
}

const tenantByDefault = (action: string): string | undefined =>
  OF_DEFAULT_TENANT.has(action) ? DEFAULT_TENANT : undefined;

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
