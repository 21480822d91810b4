/** Docker's `port`, `address:port` or `[address]:port`; the port may be a range. */
export const PUBLISHED = /^(?:(\[[\da-f:.]+\]|[\d.]+|[a-z][\w.-]*):)?\d{1,5}(?:-\d{1,5})?$/i;

/** On which address of its machine a container's port is published; without one Docker takes all addresses. */
export const publishedAddress = (published: string): string =>
  PUBLISHED.exec(published)?.[1]?.replace(/^\[(.*)\]$/, '$1') ?? '0.0.0.0';
