const KEY = 'chatkit-file-sizes';
/** The oldest are forgotten. */
const MAX_ENTRIES = 300;

type Area = Pick<Storage, 'getItem' | 'setItem'>;
type Entries = readonly (readonly [id: string, bytes: number])[];

/** The sizes of the files that this browser has sent: the protocol does not tell them. */
export class FileSizes {
  readonly #sizes: Map<string, number>;

  constructor(private readonly area: Area) {
    this.#sizes = new Map(read(area));
  }

  /** In bytes. */
  get(attachmentId: string): number | undefined {
    return this.#sizes.get(attachmentId);
  }

  set(attachmentId: string, bytes: number): void {
    this.#sizes.set(attachmentId, bytes);
    try {
      this.area.setItem(KEY, JSON.stringify([...this.#sizes].slice(-MAX_ENTRIES)));
    } catch {
      // Full or forbidden: known until the page is left.
    }
  }
}

function read(area: Area): Entries {
  try {
    const entries: unknown = JSON.parse(area.getItem(KEY) ?? '[]');
    return Array.isArray(entries) ? (entries.filter(Array.isArray) as unknown as Entries) : [];
  } catch {
    return [];
  }
}
