/** What a server says in the body of an error besides its message, where the test cares. */
export interface ErrorWords {
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

/** A request that the server of a wire refuses. */
export class BadRequest extends Error {
  readonly status: number;

  constructor(
    message: string,
    readonly words: ErrorWords & { readonly status?: number } = {},
  ) {
    super(message);
    this.status = words.status ?? 400;
  }
}

/** @throws BadRequest unless `condition` holds */
export function demand(
  condition: unknown,
  message: string,
  words?: ErrorWords & { readonly status?: number },
): asserts condition {
  if (!condition) throw new BadRequest(message, words);
}

/** A JSON object whose fields nobody has looked at. */
export type Body = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; anything else reads as an empty one, so that each rule names one fault only. */
export function objects(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.map((one) => (isObject(one) ? one : {})) : [];
}
