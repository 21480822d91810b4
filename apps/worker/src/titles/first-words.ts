/** The first `length` characters of a text at most; never half of one that takes two places. */
export function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** The beginning of a text as one line of at most `length` characters, cut between words where it can be. */
export function firstWords(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('\u0000', '').trim();
  if (line.length <= length) return line;
  const cut = cutAt(line, length - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
