import { LauncherError } from '../../tools/engines/launcher-error.js';

/** What must be stopped at the end, the latest first; also when the end comes while something is still starting. */
export class Closers {
  private readonly open: (() => Promise<void>)[] = [];
  private isClosed = false;

  /** Rejects, with `close` already called, when the end has come meanwhile. Returns a way to stop it earlier. */
  async add(close: () => Promise<void>): Promise<() => Promise<void>> {
    if (this.isClosed) {
      await close();
      throw new LauncherError('Interrupted.');
    }
    this.open.push(close);
    return () => this.closeOne(close);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (let last = this.open.pop(); last; last = this.open.pop()) await last();
  }

  private async closeOne(close: () => Promise<void>): Promise<void> {
    const place = this.open.indexOf(close);
    if (place < 0) return;
    this.open.splice(place, 1);
    await close();
  }
}
