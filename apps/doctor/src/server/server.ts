/** A running server, as it is seen from outside. */
export interface Server {
  /** Where it is reached directly. */
  readonly url: string;
  /** Where browsers reach it, perhaps through proxies. */
  readonly publicUrl: string;
  /** Credentials of requests that need some. */
  readonly headers: Readonly<Record<string, string>>;
  /** Origins of pages that are to be allowed to call. */
  readonly origins: readonly string[];
  readonly sendsMessage: boolean;
  /** Of this installation; absent if the server is not known to be of it. */
  readonly expectedVersion?: string | undefined;
}
