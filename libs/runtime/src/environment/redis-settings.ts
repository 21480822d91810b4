import { readFileSync } from 'node:fs';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** What TLS uses besides the machine's own authorities, as PEM. */
interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Where Redis is, one of three ways, and under which names its keys are. */
export interface RedisSettings extends Login {
  /** One server, with user and password. */
  readonly url?: string | undefined;
  /** Some nodes of a cluster, which name the others. */
  readonly clusterNodes?: readonly HostAndPort[] | undefined;
  /** Sentinels, which know the primary of this name. */
  readonly sentinels?: (Login & { readonly nodes: readonly HostAndPort[]; readonly primary: string }) | undefined;
  /** Absent: as the URL says, or without TLS. */
  readonly tls?: TlsFiles | undefined;
  /** Of all names; absent: made of the id of the installation. */
  readonly prefix?: string | undefined;
}

const FILES = ['REDIS_TLS_CA_FILE', 'REDIS_TLS_CERT_FILE', 'REDIS_TLS_KEY_FILE'] as const;

/** As `redis-variables.ts` defines them. */
interface RedisVariables {
  readonly REDIS_URL?: string | undefined;
  readonly REDIS_CLUSTER_NODES?: readonly HostAndPort[] | undefined;
  readonly REDIS_SENTINELS?: readonly HostAndPort[] | undefined;
  readonly REDIS_SENTINEL_MASTER?: string | undefined;
  readonly REDIS_SENTINEL_USERNAME?: string | undefined;
  readonly REDIS_SENTINEL_PASSWORD?: string | undefined;
  readonly REDIS_USERNAME?: string | undefined;
  readonly REDIS_PASSWORD?: string | undefined;
  readonly REDIS_TLS?: boolean | undefined;
  readonly REDIS_TLS_CA_FILE?: string | undefined;
  readonly REDIS_TLS_CERT_FILE?: string | undefined;
  readonly REDIS_TLS_KEY_FILE?: string | undefined;
  readonly REDIS_PREFIX?: string | undefined;
}

/** By how Sentinels usually call the only primary that they watch. */
const USUAL_PRIMARY = 'mymaster';

/** Undefined: there is no Redis. */
export function redisSettings(given: RedisVariables): RedisSettings | undefined {
  const { REDIS_URL: url, REDIS_CLUSTER_NODES: clusterNodes, REDIS_SENTINELS: sentinels } = given;
  if (url === undefined && clusterNodes === undefined && sentinels === undefined) return undefined;
  return {
    ...(url === undefined
      ? { username: given.REDIS_USERNAME, password: given.REDIS_PASSWORD }
      : { url: withUser(url, given.REDIS_USERNAME) }),
    clusterNodes,
    sentinels: sentinels && {
      nodes: sentinels,
      primary: given.REDIS_SENTINEL_MASTER ?? USUAL_PRIMARY,
      username: given.REDIS_SENTINEL_USERNAME,
      password: given.REDIS_SENTINEL_PASSWORD,
    },
    tls: tlsOf(given),
    prefix: given.REDIS_PREFIX,
  };
}

const hasUser = (url = ''): boolean => /^[a-z]+:\/\/[^/:@]+(?::[^/]*)?@/i.test(url);

/** ioredis takes a URL without a user for one with the default user, whatever it is told beside it. */
const withUser = (url: string, user: string | undefined): string =>
  user === undefined
    ? url
    : url.replace(
        /^([a-z]+:\/\/)(:[^/]*@|@)?/i,
        (_, scheme: string, password = '@') => `${scheme}${encodeURIComponent(user)}${password}`,
      );

function tlsOf(given: RedisVariables): TlsFiles | undefined {
  if (!given.REDIS_TLS && !given.REDIS_URL?.startsWith('rediss:')) return undefined;
  const [ca, cert, key] = FILES.map((name) => given[name]).map((path) => path && readFileSync(path, 'utf8'));
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

const list = (nodes: readonly HostAndPort[]): string => nodes.map(({ host, port }) => `${host}:${port}`).join(', ');

/** What redis-cli would be told, for people: no password. */
export function describeRedis({ url, clusterNodes, sentinels }: RedisSettings): string {
  if (clusterNodes) return `the cluster of ${list(clusterNodes)}`;
  if (sentinels) return `${sentinels.primary} of the Sentinels ${list(sentinels.nodes)}`;
  return url === undefined ? 'nowhere' : new URL(url).host;
}

type Texts = Readonly<Record<string, string | undefined>>;

const PLACES = ['REDIS_URL', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINELS'] as const;
/** What nothing reads without one of the places. Not the password: the compose file always has one. */
const OF_ANY_PLACE = ['REDIS_PREFIX', 'REDIS_USERNAME', 'REDIS_TLS', ...FILES];
const OF_SENTINELS = ['REDIS_SENTINEL_MASTER', 'REDIS_SENTINEL_USERNAME', 'REDIS_SENTINEL_PASSWORD'];

/** Everything between several variables of Redis that would not do what it says. `given`: as the environment has them. */
export function redisProblems(given: Texts): string[] {
  const places = PLACES.filter((name) => given[name] !== undefined);
  const url = given['REDIS_URL'];
  const isTls = given['REDIS_TLS'] === 'true' || (url?.startsWith('rediss:') ?? false);
  return [
    ...(places.length > 1 ? [`${places.join(' and ')}: set only one of them`] : []),
    ...(given['REDIS_USERNAME'] && hasUser(url)
      ? ['REDIS_USERNAME: is set, and REDIS_URL has a user, too: remove one of them']
      : []),
    ...unread(given, places.length > 0, OF_ANY_PLACE, PLACES.join(', ')),
    ...unread(given, given['REDIS_SENTINELS'] !== undefined, OF_SENTINELS, 'REDIS_SENTINELS'),
    ...(places.length > 0 ? unread(given, isTls, FILES, 'TLS: REDIS_URL=rediss://… or REDIS_TLS=true') : []),
    ...(isTls ? FILES.flatMap((name) => unreadable(name, given[name])) : []),
    ...((given['REDIS_TLS_CERT_FILE'] === undefined) === (given['REDIS_TLS_KEY_FILE'] === undefined)
      ? []
      : ['REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE: set both or none']),
  ];
}

const unread = (given: Texts, isRead: boolean, names: readonly string[], without: string): string[] =>
  isRead ? [] : names.filter((name) => given[name]).map((name) => `${name}: nothing reads it without ${without}`);

function unreadable(name: string, path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    readFileSync(path);
    return [];
  } catch (error) {
    return [`${name}: cannot be read: ${(error as Error).message}`];
  }
}
