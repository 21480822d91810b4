const LINE = /^[ \t]*:?[ \t]*[`'"*]{0,2}([\w.-]*)[`'"*]{0,2}[ \t]*\r?$/;
const SECOND = 'ARGUMENTS';
const SECOND_LINE = /^ARGUMENTS[ \t]*:?\s*$/;
/** Longer than any name with some blanks. */
const MAX_LABEL = 200;

/** The tool that a whole label names: what stands between `TOOL_CALL` and its arguments. */
export function calledIn(label: string, offered: ReadonlySet<string>): string | undefined {
  const [name, rest] = split(label);
  return name !== undefined && offered.has(name) && rest !== undefined && SECOND_LINE.test(rest.trimStart())
    ? name
    : undefined;
}

/** Whether the beginning of a label may become one that names an offered tool. */
export function mayNameCall(label: string, offered: ReadonlySet<string>): boolean {
  if (label.length > MAX_LABEL) return false;
  const [name, rest] = split(label);
  if (name === undefined) return false;
  if (rest === undefined) return [...offered].some((one) => one.startsWith(name));
  const second = rest.trimStart();
  return offered.has(name) && (SECOND.startsWith(second) || SECOND_LINE.test(second));
}

/** The name, undefined where there can be none, and what comes behind its line. */
function split(label: string): [name: string | undefined, rest: string | undefined] {
  const end = label.indexOf('\n');
  const [, name] = LINE.exec(end < 0 ? label : label.slice(0, end)) ?? [];
  return [name, end < 0 ? undefined : label.slice(end + 1)];
}
