import { amongNetworks } from './networks.js';

/** Of the addresses of this machine, those that no other machine can reach. */
export const LOOPBACK = ['127.0.0.0/8', '::1'] as const;

/** Whether an IP address, of either family and in any spelling, is reached from its own machine only. */
export const isLoopbackAddress = amongNetworks(LOOPBACK);

/** Whether a host name or address, without brackets, means the own machine. A name that DNS decides about does not. */
export const isLoopbackHost = (host: string): boolean => host.toLowerCase() === 'localhost' || isLoopbackAddress(host);

/** Whether a process that listens on this address listens on all addresses of its machine. */
export const isAnyAddress = amongNetworks(['0.0.0.0', '::']);
