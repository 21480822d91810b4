import { BlockList, isIP } from 'node:net';

/** Whether an address is among some addresses and networks. False for what is no address. */
export type IsAmong = (address: string) => boolean;

const REMEMBERED = 200;

const MAPPED = /^::ffff:(?=[\d.]+$)/i;

/** An IPv4 address as itself, where a socket of IPv6 wrote it as `::ffff:10.0.0.9`. */
export const unmapped = (address: string): string => address.replace(MAPPED, '');

/** Reads entries such as `10.0.0.9`, `10.0.0.0/8` and `fd00::/8`, which the configuration has checked. */
export function amongNetworks(entries: readonly string[]): IsAmong {
  const listed = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) listed.addAddress(address, family);
    else listed.addSubnet(address, Number(prefix), family);
  }
  return remembered((given) => {
    const address = unmapped(given);
    const version = isIP(address);
    return version !== 0 && listed.check(address, version === 4 ? 'ipv4' : 'ipv6');
  });
}

/** The same few addresses ask again and again, and a look at a list makes objects of them each time. */
function remembered(isAmong: IsAmong): IsAmong {
  const known = new Map<string, boolean>();
  return (address) => {
    let answer = known.get(address);
    if (answer !== undefined) return answer;
    answer = isAmong(address);
    if (known.size >= REMEMBERED) known.clear();
    known.set(address, answer);
    return answer;
  };
}

/** An address in each /8 of IPv4. */
const ONE_OF_EACH_8 = Array.from({ length: 256 }, (_, first) => `${first}.1.1.1`);

/** Unique local and link-local addresses (RFC 4193, RFC 4291), which no stranger has. */
const isPrivate = (address: string, prefix: number): boolean =>
  (/^f[cd]/i.test(address) && prefix >= 7) || (/^fe[89ab]/i.test(address) && prefix >= 10);

/**
 * Whether a network holds more than any one operator has: more than a /8 of IPv4, also written as IPv6, or than a public /16
 * of IPv6.
 */
export function isTooWide(entry: string): boolean {
  const [address = '', prefix = '128'] = entry.split('/');
  if (isIP(address) === 6 && Number(prefix) < 16 && !isPrivate(address, Number(prefix))) return true;
  return ONE_OF_EACH_8.filter(amongNetworks([entry])).length > 1;
}
