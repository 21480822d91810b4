/** Reading failed for a reason that is not the file's, such as a process that could not be started: it may work later. */
export class ReaderError extends Error {
  override readonly name = 'ReaderError';
}
