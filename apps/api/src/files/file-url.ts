import type { UrlOf } from '#runtime/api';

/** The address of a request, as the request states it. */
interface RequestAddress {
  readonly protocol: string;
  readonly host: string;
}

/** Absolute URLs of files, under the configured address or else under the one that the request was sent to. */
export function fileUrls(publicUrl: string | undefined, { protocol, host }: RequestAddress): UrlOf {
  const base = publicUrl?.replace(/\/+$/, '') ?? `${protocol}://${host}`;
  return (id) => `${base}/files/${id}`;
}
