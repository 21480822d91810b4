import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an IP address, of either family and in any spelling, is reached from its own machine only. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a host name or address, without brackets, means the own machine. A name that DNS decides about does not. */
export const isLoopbackHost = (host: string): boolean => host.toLowerCase() === 'localhost' || isLoopbackAddress(host);

const ANY_ADDRESS = new BlockList();
ANY_ADDRESS.addAddress('0.0.0.0', 'ipv4');
ANY_ADDRESS.addAddress('::', 'ipv6');

/** Whether a process that listens on this address listens on all addresses of its machine. */
export function isAnyAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && ANY_ADDRESS.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
