/** Where and how the bytes of a file are sent, as the server says it. */
export interface UploadTarget {
  readonly url: string;
  readonly method: 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Called with the part that has been sent, from 0 to 1. */
  readonly onProgress: (sent: number) => void;
}

/** An answer, whatever its status. `body` is undefined if it is not JSON, as an object store's is not. */
export interface SentFile {
  readonly status: number;
  readonly body: unknown;
}

/** Status 0 is a server that was not reached. Rejects with the signal's reason when it is aborted. */
export type SendFile = (target: UploadTarget, file: File, options: SendOptions) => Promise<SentFile>;

/** The server takes a form, an object store the bytes alone. */
export function bodyOf({ method }: UploadTarget, file: File): FormData | File {
  if (method === 'PUT') return file;
  const form = new FormData();
  form.append('file', file);
  return form;
}
