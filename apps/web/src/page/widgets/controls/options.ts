/** An entry of a list to choose from. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly isOff: boolean;
}

/** Without case and accents, as people search. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export function matching(options: readonly Option[], search: string): readonly Option[] {
  const wanted = plain(search.trim());
  if (wanted === '') return options;
  return options.filter(({ label, description = '' }) => plain(`${label} ${description}`).includes(wanted));
}

/** The entry to which a key leads, past those that cannot be chosen; undefined if the key is not for moving. */
export function nextIndex(
  options: readonly Option[],
  current: number,
  key: string,
  isTyping: boolean,
): number | undefined {
  const last = options.length - 1;
  if (key === 'ArrowDown') return find(options, current + 1, 1) ?? current;
  if (key === 'ArrowUp') return find(options, current < 0 ? last : current - 1, -1) ?? current;
  if (isTyping) return undefined;
  if (key === 'Home') return find(options, 0, 1);
  if (key === 'End') return find(options, last, -1);
  // A letter leads to the next entry that begins with it.
  if (key.length !== 1 || key === ' ') return undefined;
  const order = options.map((_, index) => (current + 1 + index) % options.length);
  return order.find((index) => plain(options[index]?.label ?? '').startsWith(plain(key)) && !options[index]?.isOff);
}

function find(options: readonly Option[], from: number, step: 1 | -1): number | undefined {
  for (let index = from; index >= 0 && index < options.length; index += step) {
    if (!options[index]?.isOff) return index;
  }
  return undefined;
}
