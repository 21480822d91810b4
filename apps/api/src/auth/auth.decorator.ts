import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuthContext } from '#runtime';
import type { Identity } from './identity.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined on public routes. */
    identity: Identity | undefined;
  }
}

/** The caller of a request. Throws where a route that needs one was declared public. */
export function authOf({ identity, id }: FastifyRequest): AuthContext {
  const { tenantId, userId, roles } = identityIn(identity);
  return { tenantId, userId, roles, requestId: id };
}

function identityIn(identity: Identity | undefined): Identity {
  if (identity) return identity;
  throw new Error('this route has no caller: it is declared public');
}

/** The auth context of the caller. */
export const Auth = createParamDecorator((_: unknown, context: ExecutionContext) =>
  authOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The caller with everything that is known about the credential. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  identityIn(context.switchToHttp().getRequest<FastifyRequest>().identity),
);
