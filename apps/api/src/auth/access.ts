import { addRouteConfig } from '../described/route-config.js';

/**
 * Who may use a route. `public`: everybody, without a credential. `chat`: every user; what a route without a declaration
 * is. `link`: the same, and whoever has a signed link, which the route itself verifies. `gateway`: the same, but an API key must be for it. `sessions`: servers that make session tokens. `admin`: the
 * administrator's token, and callers with the role `admin`. `operator`: the same, and whoever asks from this machine itself.
 */
export type Access = 'public' | 'chat' | 'link' | 'gateway' | 'sessions' | 'admin' | 'operator';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: `chat`. */
    access?: Access;
    /** The action under which its requests are recorded in the audit log. */
    audit?: string;
  }
}

/** Declares who may use the route of a controller's method, and as what its requests are audited. */
export const AccessFor = (access: Access, audit?: string): MethodDecorator =>
  addRouteConfig({ access, ...(audit !== undefined && { audit }) });

/** A route that needs no caller. */
export const Public = (): MethodDecorator => AccessFor('public');
