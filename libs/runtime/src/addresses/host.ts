import { isLoopbackHost } from './loopback.js';

/** A host as a URL or the header `Host` names it. */
export interface Host {
  /** Lower case, without a final dot; IPv6 in its shortest form, without brackets. */
  readonly name: string;
  /** Absent: the default one of the scheme. */
  readonly port: string | undefined;
}

const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;

/** Reads `name`, `name:port`, `address:port` or `[address]:port`; undefined for anything else. */
export function parseHost(text: string): Host | undefined {
  const [, given = '', port] = HOST.exec(text) ?? [];
  const name = canonicalName(given);
  if (name === undefined || Number(port ?? 1) > 65_535) return undefined;
  return { name, port: port === undefined ? undefined : String(Number(port)) };
}

/** As browsers write it: `[0:0::1]` is `::1`, and `127.1` is `127.0.0.1`. */
function canonicalName(given: string): string | undefined {
  const url = `http://${given}`;
  if (given.startsWith('.') || given.includes('..') || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

export const isLoopback = ({ name }: Host): boolean => isLoopbackHost(name);

/** A host as it is written in a URL and in the header `Host`. */
export function formatHost({ name, port }: Host): string {
  const written = name.includes(':') ? `[${name}]` : name;
  return port === undefined ? written : `${written}:${port}`;
}
