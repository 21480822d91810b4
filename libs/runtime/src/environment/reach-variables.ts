import { z } from 'zod';
import { parseAllowedHost } from '../addresses/allowed-hosts.js';
import { parseOrigin } from '../addresses/origin.js';
import { PUBLISHED } from '../addresses/published.js';
import { httpUrl, listOf } from './schemas.js';
import { variable } from './variable.js';

/** In `CORS_ORIGINS`: every page may call. */
export const EVERY_ORIGIN = '*';

function readOrigin(entry: string): string | undefined {
  return entry === EVERY_ORIGIN ? entry : parseOrigin(entry);
}

function originProblem(entry: string): string {
  if (/^(null|file:)/i.test(entry)) {
    return `"${entry}" is the origin of everybody's files and sandboxed frames; serve the page from an origin of its own`;
  }
  if (entry.includes('*')) return `"${entry}" cannot be matched: name each origin`;
  return `"${entry}" is not an origin, which is scheme, host and port alone: https://app.example.com`;
}

function hostProblem(entry: string): string {
  if (entry === '*') return '"*" would let every name through, which is what the list is against: name each host';
  return `"${entry}" is not a host: chat.example.com, *.example.com, 192.168.1.5 or [fd00::5], each with or without a port`;
}

const published = () =>
  z.string().regex(PUBLISHED, 'must be a port, or an address and a port: 127.0.0.1:8000, [::1]:8000').optional();

/** From where the API is reached, and by which pages. */
export const reachVariables = {
  PUBLIC_URL: variable({
    schema: httpUrl('must be a URL that begins with http:// or https://').optional(),
    isForOthers: true,
    readBy: ['api'],
    description: 'The address that browsers use; URLs of uploaded files begin with it',
    example: 'https://chat.example.com',
    unset: 'the address of each request',
  }),
  CORS_ORIGINS: variable({
    schema: listOf(readOrigin, originProblem).prefault(''),
    readBy: ['api'],
    description:
      'Origins of pages that may call, separated by commas, localhost included ([details](#pages-of-other-origins))',
    example: 'https://app.example.com,http://localhost:5173',
    unset: 'the server’s own pages only',
  }),
  ALLOWED_HOSTS: variable({
    schema: listOf(parseAllowedHost, hostProblem).prefault(''),
    readBy: ['api'],
    description:
      'Host names that the server answers to, besides loopback and `PUBLIC_URL`, where it believes whoever reaches it ([details](#host-names))',
    example: 'relay.lan,*.apps.lan',
    unset: 'none',
  }),
  PUBLISH: variable({
    schema: published(),
    readBy: ['api', 'compose'],
    description:
      'Where the port of its container is published; with an address that others reach, the API needs `AUTH_MODE`',
    example: '127.0.0.1:8000',
    unset: 'all addresses, as Docker does',
  }),
  PROXY_PUBLISH: variable({
    schema: published(),
    readBy: ['api', 'compose'],
    description:
      'With the profile `proxy` of the compose file: where the proxy is published; judged as `PUBLISH` is ([with a proxy](deploy.md#with-a-proxy))',
    example: '443',
    unset: 'no such proxy',
  }),
  CHATKIT_DOMAIN_KEY: variable({
    schema: z.string().optional(),
    readBy: ['api'],
    description:
      'The domain key of your page for OpenAI’s component, from platform.openai.com; public, pages get it from `GET /config`',
    example: 'domain_pk_0123456789abcdef',
  }),
};
