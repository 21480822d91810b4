import { type Host, isLoopback, parseHost } from './host.js';

/** An entry of `ALLOWED_HOSTS`. Without a port it holds for all. */
export interface AllowedHost extends Host {
  /** `*.example.com`: every name below `example.com`, but not that one. */
  readonly subdomains: boolean;
}

/** Reads `name`, `*.name`, an address, each with or without a port; undefined for anything else. */
export function parseAllowedHost(entry: string): AllowedHost | undefined {
  const subdomains = entry.startsWith('*.');
  const host = parseHost(subdomains ? entry.slice(2) : entry);
  return host && { ...host, subdomains };
}

/**
 * Whether a server that believes whoever reaches it may answer under this name. The name of a page that was made to
 * point at this machine (DNS rebinding) is not among the names that its operator gave it.
 */
export function isAllowedHost(host: Host, allowed: readonly AllowedHost[]): boolean {
  return isLoopback(host) || allowed.some((entry) => matches(host, entry));
}

function matches({ name, port }: Host, entry: AllowedHost): boolean {
  if (entry.port !== undefined && entry.port !== port) return false;
  return entry.subdomains ? name.endsWith(`.${entry.name}`) : name === entry.name;
}
