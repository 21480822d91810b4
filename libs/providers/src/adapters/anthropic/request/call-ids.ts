/**
 * The ids of a prompt's tool calls, as Anthropic takes them: only letters, digits, `_` and `-`, and none twice in a request.
 * Calls of other providers may have any other, the same in each answer, or none.
 */
export class CallIds {
  readonly #used = new Set<string>();
  #open: { readonly callId: string; readonly wireId: string }[] = [];
  #answered = false;

  /** @returns the id of a call */
  call(callId: string): string {
    if (this.#answered) this.#open = [];
    this.#answered = false;
    const wireId = this.#unique(clean(callId));
    this.#open.push({ callId, wireId });
    return wireId;
  }

  /** @returns the id of the call that this result belongs to; those with the same id (or none) are answered in their order */
  result(callId: string): string {
    this.#answered = true;
    const index = this.#open.findIndex((one) => one.callId === callId);
    const [call] = index < 0 ? [] : this.#open.splice(index, 1);
    return call?.wireId ?? clean(callId);
  }

  #unique(id: string): string {
    let free = id;
    for (let copy = 2; this.#used.has(free); copy++) free = `${id}_${copy}`;
    this.#used.add(free);
    return free;
  }
}

function clean(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_') || 'call';
}
