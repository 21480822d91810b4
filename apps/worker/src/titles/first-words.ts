/** The beginning of a text as one line of at most `length` characters, cut between words where it can be. */
export function firstWords(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('\u0000', '').trim();
  if (line.length <= length) return line;
  const cut = line.slice(0, length - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
