import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#runtime';
import type { LinkQuery } from '#runtime/api';
import type { HttpErrorFilter } from '../errors/http-error.filter.js';
import type { Access } from './access.js';
import type { Authenticator } from './authenticator.js';
import { credentialsOf } from './credentials.js';
import { isSigned } from './is-signed.js';

const REALM = 'ChatKit Relay';

interface Deps {
  readonly authenticator: Authenticator;
  readonly errors: Pick<HttpErrorFilter, 'send'>;
  /** Whether a request comes from this machine itself, with no proxy between. */
  readonly isLocal: (request: FastifyRequest) => boolean;
  /** Whether browsers are asked for ADMIN_TOKEN on the administrator's routes. */
  readonly asksForToken: boolean;
}

/**
 * A plugin that authenticates every request before anything of its body is read, those of Fastify's own routes and of
 * plugins included. What a route requires is declared with the route (`access`) and never derived from its address:
 * `/%61dmin` is different text for the same route. A request for no route is answered here as well, without reading its body.
 */
export function authentication({ authenticator, errors, isLocal, asksForToken }: Deps): FastifyPluginCallback {
  return forAllRoutes((fastify, _options, done) => {
    fastify.decorateRequest('identity', undefined);
    fastify.addHook('onRequest', async (request, reply) => {
      const declared = request.routeOptions.config.access ?? 'chat';
      const access = declared === 'operator' ? 'admin' : declared;
      try {
        if (request.is404) throw new NotFoundException();
        if (access === 'public' || isPreflightRoute(request)) return undefined;
        if (access === 'link' && hasLink(request)) return undefined;
        if (declared === 'operator' && isLocal(request)) return undefined;
        request.identity = await authenticator.authenticate(
          credentialsOf(request),
          access === 'link' ? 'chat' : access,
        );
        return undefined;
      } catch (error) {
        if (isUnauthenticated(error))
          challenge(reply, error, asksForToken && access === 'admin' && isNavigation(request));
        errors.send(error, request, reply);
        return reply;
      }
    });
    done();
  });
}

/** Without this mark the hooks of a plugin are for its own routes only. */
const forAllRoutes = (plugin: FastifyPluginCallback): FastifyPluginCallback =>
  Object.assign(plugin, { [Symbol.for('skip-override')]: true });

/** The route that the CORS plugin adds; what it allows has been answered before. It has no handler of ours. */
const isPreflightRoute = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'OPTIONS' && routeOptions.url === '*';

/** A page of ours has a form of its own; a browser's dialog in front of it would be for nothing. Other clients say nothing. */
const isNavigation = ({ headers }: FastifyRequest): boolean => (headers['sec-fetch-dest'] ?? 'document') === 'document';

const hasLink = ({ query }: FastifyRequest): boolean => isSigned(query as LinkQuery);

const isUnauthenticated = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'auth.required' || error.code === 'auth.invalid');

/** RFC 6750, section 3. A browser shows its dialog for `Basic` only. */
function challenge(reply: FastifyReply, { code, message }: AppError, asksBrowser: boolean): void {
  const description = message.replaceAll(/[^\x20-\x7e]|["\\]/g, "'");
  const invalid = code === 'auth.invalid' ? `, error="invalid_token", error_description="${description}"` : '';
  void reply.header(
    'www-authenticate',
    asksBrowser ? `Basic realm="${REALM} administration", charset="UTF-8"` : `Bearer realm="${REALM}"${invalid}`,
  );
}

/** Gives every route that is registered on this instance from now on, including those of its plugins, its access. */
export function declareAccess(instance: FastifyInstance, access: Access): void {
  instance.addHook('onRoute', (route) => {
    route.config = { ...route.config, access };
  });
}
