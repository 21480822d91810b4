/**
 * Looks at the files of users that somebody else has received: several requests for one file share one look, and those at the
 * files of one user come one after another, whatever the number of requests.
 */
export class Inspections<Result> {
  private readonly byFile = new Map<string, Promise<Result>>();
  /** The last one of each user: resolves, and never rejects, when it is over. */
  private readonly lastOf = new Map<string, Promise<unknown>>();

  /** `user`: unique over all tenants. */
  once(user: string, file: string, look: () => Promise<Result>): Promise<Result> {
    const running = this.byFile.get(file);
    if (running) return running;
    const result = (this.lastOf.get(user) ?? Promise.resolve()).then(look).finally(() => this.byFile.delete(file));
    this.byFile.set(file, result);
    this.follow(user, result);
    return result;
  }

  private follow(user: string, result: Promise<unknown>): void {
    const over: Promise<unknown> = result
      .catch(() => undefined)
      .finally(() => {
        if (this.lastOf.get(user) === over) this.lastOf.delete(user);
      });
    this.lastOf.set(user, over);
  }
}
