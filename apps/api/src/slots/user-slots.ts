import type { AppError, AuthContext } from '#runtime';

/** How much of one kind each user has open at this process. */
export class UserSlots {
  private readonly taken = new Map<string, number>();

  /** `max`: null for no limit. `refusal`: what one more is answered with. */
  constructor(
    private readonly max: number | null,
    private readonly refusal: (max: number) => AppError,
  ) {}

  /** Does something that takes one of the user's slots until it has settled. Throws the refusal when none is free. */
  async within<T>({ tenantId, userId }: AuthContext, work: () => Promise<T>): Promise<T> {
    const user = JSON.stringify([tenantId, userId]);
    const taken = this.taken.get(user) ?? 0;
    if (this.max !== null && taken >= this.max) throw this.refusal(this.max);
    this.taken.set(user, taken + 1);
    try {
      return await work();
    } finally {
      this.free(user);
    }
  }

  private free(user: string): void {
    const left = (this.taken.get(user) ?? 1) - 1;
    if (left > 0) this.taken.set(user, left);
    else this.taken.delete(user);
  }
}
