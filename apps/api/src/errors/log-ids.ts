import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RowOwner } from '#runtime';

declare module 'fastify' {
  interface FastifyReply {
    /** The run, and its thread, that this request has made or reads. */
    logged: Readonly<Record<string, string>> | undefined;
  }
}

type Request = Pick<FastifyRequest, 'id' | 'identity' | 'params' | 'body'>;

/**
 * The ids of a request for its log lines: its own, those of the thread and run that it names or makes, and who asks, as soon as that is
 * known.
 */
export const requestIds = ({ id, identity, params, body }: Request, { logged }: Pick<FastifyReply, 'logged'>) => ({
  requestId: id,
  ...namedIds(params, body),
  ...logged,
  ...(identity && { tenantId: identity.tenantId, userId: identity.userId, by: identity.by, keyId: identity.keyId }),
});

/** The same where only the caller is known. */
export const callerIds = ({ requestId, tenantId, userId }: RowOwner & { readonly requestId?: string | undefined }) => ({
  requestId,
  tenantId,
  userId,
});

/** Our own ids only: anything may stand in the place of one. */
const ID = /^(thr|run)_[\w-]{1,64}$/;

/** From the address, or from the parameters of a ChatKit request. */
function namedIds(params: unknown, body: unknown): Record<string, string> {
  const given = [fieldOf(params, 'id'), fieldOf(fieldOf(body, 'params'), 'thread_id')];
  return Object.fromEntries(
    given.flatMap((id) => {
      if (typeof id !== 'string' || !ID.test(id)) return [];
      return [[id.startsWith('thr_') ? 'threadId' : 'runId', id]];
    }),
  );
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
