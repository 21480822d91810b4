import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { AuthContext } from '#runtime';
import type { Authenticate } from './authenticate.js';

const PUBLIC = 'public';

/** A route that needs no caller. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

export interface AuthenticatedRequest extends FastifyRequest {
  auth: AuthContext;
}

/** Guards every route that is not marked public. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticate: Authenticate,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const identity = this.authenticate({ headers: request.headers, peer: request.socket.remoteAddress ?? '' });
    request.auth = { ...identity, requestId: request.id };
    return true;
  }
}
