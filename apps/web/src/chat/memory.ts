/** Integrations of the official component use this key, too: both pages open the same thread. */
const THREAD_KEY = 'chatkit-thread-id';
const MODEL_KEY = 'chatkit-model';

type Area = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What survives a reload. If the browser refuses to store it, the page works without. */
export class Memory {
  constructor(private readonly kept: Area) {}

  get threadId(): string | undefined {
    return read(this.kept, THREAD_KEY);
  }
  set threadId(id: string | undefined) {
    write(this.kept, THREAD_KEY, id);
  }

  get model(): string | undefined {
    return read(this.kept, MODEL_KEY);
  }
  set model(id: string | undefined) {
    write(this.kept, MODEL_KEY, id);
  }
}

function read(area: Area, key: string): string | undefined {
  try {
    return area.getItem(key) || undefined;
  } catch {
    return undefined;
  }
}

function write(area: Area, key: string, value: string | undefined): void {
  try {
    if (value === undefined) area.removeItem(key);
    else area.setItem(key, value);
  } catch {
    // Full or forbidden: see above.
  }
}
