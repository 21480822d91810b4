import type { z } from 'zod';
import { type AuthMode, distinguishesUsers, type Environment, type environmentSchema, VARIABLES } from '#runtime';
import {
  type AllowedHost,
  EVERY_ORIGIN,
  isAnyAddress,
  isLoopbackHost,
  list,
  parseHost,
  publishedAddress,
} from '#runtime/api';

type ReachVariables = Pick<
  z.output<ReturnType<typeof environmentSchema<'api'>>>,
  'HOST' | 'PUBLISH' | 'PUBLIC_URL' | 'ALLOWED_HOSTS'
>;

/** The host names that the operator has given this server. Loopback names are known without that. */
export function allowedHosts({ HOST, PUBLISH, PUBLIC_URL, ALLOWED_HOSTS }: ReachVariables): AllowedHost[] {
  const told = [HOST, PUBLISH === undefined ? undefined : publishedAddress(PUBLISH)].flatMap((address) =>
    address === undefined || isAnyAddress(address) ? [] : [address.includes(':') ? `[${address}]` : address],
  );
  const own = PUBLIC_URL === undefined ? [] : [new URL(PUBLIC_URL).hostname];
  const named = [...told, ...own].flatMap((name) => parseHost(name) ?? []);
  return [...ALLOWED_HOSTS, ...named.map((host) => ({ ...host, subdomains: false }))];
}

/** The setting that lets other machines reach the server. */
interface Opening {
  readonly name: 'HOST' | 'PUBLISH';
  readonly value: string;
}

/**
 * What lets other machines in; undefined if nothing does. A container listens on all of its addresses, and what counts is
 * where its port is published.
 */
export function openingOf({ HOST, PUBLISH }: Pick<ReachVariables, 'HOST' | 'PUBLISH'>): Opening | undefined {
  if (isLoopbackHost(HOST)) return undefined;
  if (PUBLISH === undefined || !isAnyAddress(HOST)) return { name: 'HOST', value: HOST };
  return isLoopbackHost(publishedAddress(PUBLISH)) ? undefined : { name: 'PUBLISH', value: PUBLISH };
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
  const opening = givenOpening(given);
  return opening === undefined || isAllowed ? [] : [openProblem(opening)];
}

function givenOpening(given: Environment): Opening | undefined {
  return openingOf({
    HOST: VARIABLES.HOST.schema.parse(given['HOST']),
    PUBLISH: VARIABLES.PUBLISH.schema.safeParse(given['PUBLISH']).data,
  });
}

/** Whoever is listed as a proxy says who the user is. */
function proxyProblems(given: Environment, modes: readonly AuthMode[]): string[] {
  if (!modes.includes('trustedHeader') || !givenOpening(given)) return [];
  const everybody = list.parse(given['AUTH_TRUSTED_PROXIES'] ?? '').filter((entry) => /\/0+$/.test(entry));
  return everybody.map(
    (entry) =>
      `AUTH_TRUSTED_PROXIES: ${entry} is every address, so that whoever reaches the server may say who they are: ` +
      `list the addresses of your proxies`,
  );
}

function openProblem({ name, value }: Opening): string {
  const closed = name === 'HOST' ? 'HOST=127.0.0.1' : 'PUBLISH=127.0.0.1:8000';
  return (
    `AUTH_MODE: is none, so that everybody is the same user and reads every conversation, and ${name}=${value} lets ` +
    `other machines in. Set AUTH_MODE to ask who they are (docs/deploy.md), or ${closed} for this machine only, or ` +
    `AUTH_ALLOW_OPEN=true if everybody who reaches it may read and write everything${isAnyAddress(value) ? CONTAINER : ''}`
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
