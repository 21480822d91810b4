/** The description of a file that a client sends. */
export interface FileFacts {
  readonly name: string;
  readonly mimeType: string;
}
