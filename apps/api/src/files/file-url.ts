import type { UrlOf } from '#runtime';

/** Where a request came in, as far as it says so itself. */
interface Arrival {
  readonly protocol: string;
  readonly host: string;
}

/** Absolute addresses of files: of the configured place, or else of the place that the request was sent to. */
export function fileUrls(publicUrl: string | undefined, { protocol, host }: Arrival): UrlOf {
  const base = publicUrl?.replace(/\/+$/, '') ?? `${protocol}://${host}`;
  return (id) => `${base}/files/${id}`;
}
