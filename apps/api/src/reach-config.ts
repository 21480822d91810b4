import type { z } from 'zod';
import { type AuthMode, distinguishesUsers, type Environment, type environmentSchema, VARIABLES } from '#runtime';
import {
  type AllowedHost,
  EVERY_ORIGIN,
  isAnyAddress,
  isLoopback,
  isLoopbackHost,
  isTooWide,
  parseHost,
  publishedAddress,
} from '#runtime/api';

type ReachVariables = Pick<
  z.output<ReturnType<typeof environmentSchema<'api'>>>,
  'HOST' | 'PUBLISH' | 'PROXY_PUBLISH' | 'PUBLIC_URL' | 'ALLOWED_HOSTS'
>;

/** The host names that the operator has given this server. Loopback names are known without that. */
export function allowedHosts({
  HOST,
  PUBLISH,
  PUBLIC_URL,
  ALLOWED_HOSTS,
}: Omit<ReachVariables, 'PROXY_PUBLISH'>): AllowedHost[] {
  const told = [HOST, PUBLISH === undefined ? undefined : publishedAddress(PUBLISH)].flatMap((address) =>
    address === undefined || isAnyAddress(address) ? [] : [address.includes(':') ? `[${address}]` : address],
  );
  const own = PUBLIC_URL === undefined ? [] : [new URL(PUBLIC_URL).hostname];
  const named = [...told, ...own].flatMap((name) => parseHost(name) ?? []);
  return [...ALLOWED_HOSTS, ...named.map((host) => ({ ...host, subdomains: false }))];
}

/** A setting that lets other machines reach the server. */
interface Opening {
  readonly name: 'HOST' | 'PUBLISH' | 'PROXY_PUBLISH' | 'PUBLIC_URL';
  readonly value: string;
}

/**
 * What lets other machines in; empty if nothing does. A container listens on all of its addresses, and what counts is where
 * its port is published. A proxy in front reaches a server that only its own machine reaches, and brings everybody along:
 * it shows in where the proxy is published, and in the address that browsers use.
 */
export function openingsOf(variables: Omit<ReachVariables, 'ALLOWED_HOSTS'>): Opening[] {
  const { PROXY_PUBLISH, PUBLIC_URL } = variables;
  return [
    ...listeningOf(variables),
    ...(PROXY_PUBLISH === undefined || isLoopbackHost(publishedAddress(PROXY_PUBLISH))
      ? []
      : [{ name: 'PROXY_PUBLISH', value: PROXY_PUBLISH } as const]),
    ...(PUBLIC_URL === undefined || isLoopbackUrl(PUBLIC_URL)
      ? []
      : [{ name: 'PUBLIC_URL', value: PUBLIC_URL } as const]),
  ];
}

function listeningOf({ HOST, PUBLISH }: Pick<ReachVariables, 'HOST' | 'PUBLISH'>): Opening[] {
  if (isLoopbackHost(HOST)) return [];
  if (PUBLISH === undefined || !isAnyAddress(HOST)) return [{ name: 'HOST', value: HOST }];
  return isLoopbackHost(publishedAddress(PUBLISH)) ? [] : [{ name: 'PUBLISH', value: PUBLISH }];
}

function isLoopbackUrl(url: string): boolean {
  const host = parseHost(new URL(url).host);
  return host !== undefined && isLoopback(host);
}

/**
 * What makes a server open to more than it should be. `modes` is undefined when they are wrong by themselves, and so is
 * every variable here: that is reported elsewhere.
 */
export function reachProblems(given: Environment, modes: readonly AuthMode[] | undefined): string[] {
  return modes ? [...openProblems(given, modes), ...proxyProblems(given, modes), ...originProblems(given, modes)] : [];
}

function openProblems(given: Environment, modes: readonly AuthMode[]): string[] {
  const isAllowed = VARIABLES.AUTH_ALLOW_OPEN.schema.safeParse(given['AUTH_ALLOW_OPEN']).data;
  if (distinguishesUsers(modes)) {
    const opens = `AUTH_ALLOW_OPEN: is for AUTH_MODE=none, and opens nothing with ${modes.join(',')}: remove it`;
    return isAllowed ? [opens] : [];
  }
  const openings = givenOpenings(given);
  return openings.length === 0 || isAllowed ? [] : [openProblem(openings)];
}

function givenOpenings(given: Environment): Opening[] {
  const valueOf = (name: 'PUBLISH' | 'PROXY_PUBLISH' | 'PUBLIC_URL'): string | undefined =>
    VARIABLES[name].schema.safeParse(given[name]).data;
  return openingsOf({
    HOST: VARIABLES.HOST.schema.parse(given['HOST']),
    PUBLISH: valueOf('PUBLISH'),
    PROXY_PUBLISH: valueOf('PROXY_PUBLISH'),
    PUBLIC_URL: valueOf('PUBLIC_URL'),
  });
}

/** Whoever is listed as a proxy says who the user is. */
function proxyProblems(given: Environment, modes: readonly AuthMode[]): string[] {
  if (!modes.includes('trustedHeader') || givenOpenings(given).length === 0) return [];
  const proxies = VARIABLES.AUTH_TRUSTED_PROXIES.schema.safeParse(given['AUTH_TRUSTED_PROXIES']).data ?? [];
  return proxies
    .filter(isTooWide)
    .map(
      (entry) =>
        `AUTH_TRUSTED_PROXIES: ${entry} holds more addresses than any network of proxies, so that strangers may say who they ` +
        `are: list the addresses of your proxies, or networks from /8 on (IPv6: from /16 on)`,
    );
}

const CLOSED: Readonly<Record<Opening['name'], string>> = {
  HOST: 'HOST=127.0.0.1',
  PUBLISH: 'PUBLISH=127.0.0.1:8000',
  PROXY_PUBLISH: 'PROXY_PUBLISH=127.0.0.1:8443',
  PUBLIC_URL: 'no PUBLIC_URL',
};

function openProblem(openings: readonly Opening[]): string {
  const set = openings.map(({ name, value }) => `${name}=${value}`).join(' and ');
  const closed = openings.map(({ name }) => CLOSED[name]).join(' and ');
  return (
    `AUTH_MODE: is none, so that everybody is the same user and reads every conversation, and ${set} ` +
    `${openings.length === 1 ? 'lets' : 'let'} other machines in. Set AUTH_MODE to ask who they are (docs/deploy.md), or ` +
    `${closed} for this machine only, or AUTH_ALLOW_OPEN=true if everybody who reaches it may read and write everything` +
    (openings.some(({ value }) => isAnyAddress(value)) ? CONTAINER : '')
  );
}

const CONTAINER =
  '. In a container, PUBLISH says where its port is published, as docker-compose.yml does: PUBLISH=127.0.0.1:8000 for ' +
  '"docker run -p 127.0.0.1:8000:8000"';

/** Their credentials are sent by the page itself; those of the other modes come along with any page's requests. */
const TOKEN_MODES: readonly AuthMode[] = ['jwt', 'apiKey', 'session'];

function originProblems(given: Environment, modes: readonly AuthMode[]): string[] {
  const origins = VARIABLES.CORS_ORIGINS.schema.safeParse(given['CORS_ORIGINS']).data ?? [];
  if (!origins.includes(EVERY_ORIGIN)) return [];
  const ambient = modes.filter((mode) => !TOKEN_MODES.includes(mode));
  return [
    ...(origins.length > 1 ? ['CORS_ORIGINS: "*" is every origin: remove it, or remove the others'] : []),
    ...(ambient.length > 0
      ? [
          `CORS_ORIGINS: "*" would let every page on the internet read and write in the name of its visitor, because ` +
            `${ambient.join(' and ')} asks for no token: name the origins`,
        ]
      : []),
  ];
}
