import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expected, Format } from './expected.js';
import { OWN_RECORDINGS, sharedRecordings } from './folders.js';

/** How the body of a recorded answer is encoded; the ending of its file. */
export type Encoding = 'sse' | 'ndjson' | 'json';

/** A recorded answer; `id` is `<wire>/<name>`, and a wire is a folder. */
export interface Recording {
  readonly id: string;
  readonly wire: string;
  readonly name: string;
  readonly format: Format;
  readonly encoding: Encoding;
  /** Of the body. */
  readonly file: string;
  readonly http: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  readonly expected: Expected;
  /** It stands in the repository, and its expectation says everything. */
  readonly isOwn: boolean;
}

const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
};

/** All recordings of a folder with a folder for each wire. */
export function loadRecordings(dir: string): Recording[] {
  const wires = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return wires.flatMap(({ name: wire }) =>
    readdirSync(join(dir, wire))
      .filter((file) => file.endsWith('.expected.json'))
      .map((file) => loadRecording(join(dir, wire), wire, file.slice(0, -'.expected.json'.length))),
  );
}

/** Our own recordings, and the shared ones where they are. @throws Error when two have the same id */
export function allRecordings(): Recording[] {
  const shared = sharedRecordings();
  const all = [OWN_RECORDINGS, ...(shared ? [shared] : [])].flatMap(loadRecordings);
  const ids = new Set<string>();
  for (const { id } of all) {
    if (ids.has(id)) throw new Error(`two recordings are called ${id}`);
    ids.add(id);
  }
  return all;
}

function loadRecording(folder: string, wire: string, name: string): Recording {
  const path = join(folder, name);
  const encoding = (['sse', 'ndjson', 'json'] as const).find((ending) => existsSync(`${path}.${ending}`));
  if (!encoding) throw new Error(`${path}.expected.json has no recording beside it`);
  const expected = readJson(`${path}.expected.json`) as Expected;
  const http = existsSync(`${path}.http.json`) ? (readJson(`${path}.http.json`) as Recording['http']) : undefined;
  return {
    id: `${wire}/${name}`,
    wire,
    name,
    format: expected.format,
    encoding,
    file: `${path}.${encoding}`,
    http: http ?? { status: expected.status, headers: { 'content-type': CONTENT_TYPES[encoding] } },
    expected,
    isOwn: folder.startsWith(OWN_RECORDINGS),
  };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
