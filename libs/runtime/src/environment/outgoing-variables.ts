import { z } from 'zod';
import { httpUrl, trueOrFalse } from './schemas.js';
import { variable } from './variable.js';

const both = ['api', 'worker'] as const;

const proxy = (alias: string, description: string) =>
  variable({
    schema: httpUrl('must be the URL of an HTTP proxy, http://host:port').optional(),
    readBy: both,
    alias,
    description,
    example: 'http://user:password@proxy.example.com:3128',
    isSecret: true,
    isReadByLibrary: true,
  });

/** Of requests to other servers: of the worker to providers, of the API to an identity provider, of both to the object store. */
export const outgoingVariables = {
  HTTPS_PROXY: proxy(
    'https_proxy',
    'An HTTP proxy for `https` requests to providers, to the object store and for `AUTH_JWKS_URL`; a provider’s `proxy` in the config file takes precedence',
  ),
  HTTP_PROXY: proxy('http_proxy', 'The same for `http` requests'),
  ALL_PROXY: proxy('all_proxy', 'The same for both, where neither is set'),
  NO_PROXY: variable({
    schema: z.string().optional(),
    readBy: both,
    alias: 'no_proxy',
    description: 'Hosts that are reached without a proxy, separated by commas; `.example.com` for all of a domain',
    example: 'localhost,.example.com',
    isReadByLibrary: true,
  }),
  TRACE_CONTEXT_TO_PROVIDERS: variable({
    schema: trueOrFalse(),
    readBy: ['worker'],
    description: '`true`: requests to providers say which trace they belong to ([traces](tracing.md))',
    example: 'true',
  }),
};
