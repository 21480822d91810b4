import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { AuthenticatedRequest } from '../auth/auth.guard.js';
import { RequestRates } from './request-rates.js';

/** Counts the requests of callers that the guard before it has established; public routes have none. */
@Injectable()
export class RateGuard implements CanActivate {
  constructor(private readonly rates: RequestRates) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { auth } = context.switchToHttp().getRequest<Partial<AuthenticatedRequest>>();
    if (auth) await this.rates.ofCaller(auth);
    return true;
  }
}
