import { execFile } from 'node:child_process';

/** Why a module could not be loaded, in one line. */
export async function loadReason(error: unknown, path: string): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  const reason = `${error.name}: ${error.message}`;
  const place = error instanceof SyntaxError ? (placeIn(error.stack) ?? (await checkedPlace(path))) : undefined;
  return place === undefined ? reason : `${reason} (${place})`;
}

/** `import()` does not report where a file cannot be parsed; `node --check` does. */
function checkedPlace(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', path], (_, _stdout, stderr) => resolve(placeIn(stderr)));
  });
}

/** The first line, if it is a place: `file:///…/support.js:7`. */
function placeIn(text: string | undefined): string | undefined {
  const [line] = (text ?? '').split('\n');
  return line && /:\d+$/.test(line) ? line : undefined;
}
