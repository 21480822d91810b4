import { object } from '../../http/json.js';
import type { ExtraFields } from '../../spec/stream-part.js';
import type { ResponseFields } from './response-config.js';
import { readFirst } from './response-path.js';

/** Longer values are left out: they belong neither into a log nor to a run. */
const MAX_CHARACTERS = 16 * 1024;

type Spec = Pick<ResponseFields, 'extra'>;

/** Collects what an answer has beside itself: in every frame, the newest value counts. */
export class ExtraReader {
  readonly #named: Record<string, unknown> = {};
  readonly #paths: readonly (readonly [string, readonly string[]])[];
  #unnamed: Readonly<Record<string, unknown>> | undefined;

  constructor(private readonly spec: Spec) {
    this.#paths = Object.entries(spec.extra ?? {});
  }

  get fields(): ExtraFields {
    return {
      ...(Object.keys(this.#named).length > 0 && { named: short(this.#named) }),
      ...(this.#unnamed && Object.keys(this.#unnamed).length > 0 && { unnamed: short(this.#unnamed) }),
    };
  }

  read(json: unknown): void {
    for (const [name, paths] of this.#paths) {
      const value = readFirst(json, paths);
      if (value !== undefined) this.#named[name] = value;
    }
  }

  /** A whole body also has what nobody has named, which frames have too much of. */
  readWhole(json: unknown): void {
    this.read(json);
    const rest = without(json, new Set(pathsIn(this.spec).map(generalized)), '');
    this.#unnamed = object(rest) ?? {};
  }
}

function short(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let room = MAX_CHARACTERS;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const text = storable(JSON.stringify(value));
      room -= text.length;
      return [name, room < 0 ? `(${text.length} characters, left out)` : (JSON.parse(text) as unknown)];
    }),
  );
}

/** JSON without what Postgres takes in no text: NUL and halves of characters, which are escaped here. */
const storable = (json: string): string =>
  json.replaceAll(/\\(?:u0000|ud[89a-f][\da-f]{2}|.)/g, (escape) =>
    /^\\u(?:0000|d)/.test(escape) ? '\uFFFD' : escape,
  );

/** All paths of a declaration, wherever they stand in it; words that are none fit nothing. */
function pathsIn(spec: unknown): string[] {
  if (typeof spec === 'string') return [spec];
  return typeof spec === 'object' && spec !== null ? Object.values(spec).flatMap(pathsIn) : [];
}

/** `a[0].b`, `a[*].b` and `a[?type=text].b` as `a[].b`. */
const generalized = (path: string): string => path.replaceAll(/\[[^\]]*\]/g, '[]');

/** What none of the paths reads; undefined where nothing is left. */
function without(json: unknown, paths: ReadonlySet<string>, at: string): unknown {
  if (at !== '' && paths.has(at)) return undefined;
  if (Array.isArray(json)) {
    const rest = json.map((element) => without(element, paths, `${at}[]`)).filter((value) => value !== undefined);
    return rest.length > 0 ? rest : undefined;
  }
  const fields = object(json);
  if (!fields) return json ?? undefined;
  const rest = Object.entries(fields)
    .map(([name, value]) => [name, without(value, paths, at ? `${at}.${name}` : name)] as const)
    .filter(([, value]) => value !== undefined);
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
}
