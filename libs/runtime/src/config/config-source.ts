import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import type { Environment } from '../environment/parse-environment.js';
import { type ConfigIssue, type ConfigMistake, mistakesOf, placeName } from './config-issue.js';
import { insertedNames, interpolate } from './interpolate.js';
import { knownKeys } from './known-keys.js';

/** The text of a config file, as far as it could be read; it knows on which line everything stands. */
export class ConfigSource {
  /** What the file says, variables inserted. */
  readonly value: unknown;
  /** The variables that it refers to. */
  readonly inserted: ReadonlySet<string>;
  readonly #shown: string;
  readonly #lines = new LineCounter();
  readonly #document: Document | undefined;
  /** Mistakes of the text itself: it cannot be read, is no YAML, or inserts variables that are not set. */
  readonly #own: Located[] = [];
  /** From here on the parser guesses. */
  readonly #reliableLines: number;
  readonly #missing: ReadonlySet<string>;
  /** Of text that was meant to be something else: what else is wrong there follows from it. */
  readonly #guessed = new Set<number | undefined>();

  constructor(path: string, env: Environment) {
    this.#shown = shownPath(path);
    const text = this.#read(path);
    this.#document = text === undefined ? undefined : parseDocument(text, { lineCounter: this.#lines });
    // What follows a mistake on its line is a consequence of it, mostly.
    const errors = firstOfEachLine(this.#document?.errors ?? []);
    this.#own.push(...errors.map((error) => ({ line: error.linePos?.[0].line, words: wordsOf(error) })));
    const broken = errors.filter(({ code }) => code !== 'DUPLICATE_KEY').map((error) => error.linePos?.[0].line ?? 1);
    this.#reliableLines = Math.min(...broken, Infinity);
    this.#takeOutUnresolved();
    const written = this.#written();
    this.inserted = insertedNames(written);
    const { value, missing } = interpolate(written, env);
    this.value = value;
    this.#missing = new Set(missing.map(({ path: at }) => placeName(at)));
    for (const { path: at, words } of missing) {
      this.#own.push({ line: this.#lineOf(at), words: `${placeName(at)}: ${words}` });
    }
  }

  /** False if the text is no YAML: parts of it are missing, so that what refers to them cannot be judged. */
  get isWhole(): boolean {
    return this.#document !== undefined && this.#reliableLines === Infinity;
  }

  /** Whether what stands here inserts a variable that is not set, so that nobody knows what it says. */
  isUnknown(path: readonly PropertyKey[]): boolean {
    return this.#missing.has(placeName(path));
  }

  /** All mistakes, those of the text included, each once, in the order of the file. `schema` names the settings that there are. */
  report(issues: readonly ConfigIssue[], schema: () => object): string[] {
    const around = {
      keysAt: (path: readonly PropertyKey[]) => knownKeys(schema(), path, this.value),
      valueAt: (path: readonly PropertyKey[]) => valueAt(this.value, path),
    };
    const found = issues.flatMap((issue) => mistakesOf(issue, around)).flatMap((mistake) => this.#located(mistake));
    const all = [...this.#own, ...found].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    return [
      ...new Set(all.map(({ line, words }) => `${this.#shown}${line === undefined ? '' : `:${line}`}: ${words}`)),
    ];
  }

  #located({ path, words }: ConfigMistake): Located[] {
    const line = this.#lineOf(path);
    if (this.isUnknown(path) || this.#guessed.has(line) || (line ?? 1) >= this.#reliableLines) return [];
    return [{ line, words: `${placeName(path)}: ${words}` }];
  }

  /** What begins with a star and is not in quotes refers to an anchor; without one it is judged as the text that was meant. */
  #takeOutUnresolved(): void {
    const document = this.#document;
    if (!document) return;
    visit(document, {
      Alias: (_, alias) => {
        if (alias.resolve(document)) return undefined;
        const words = `is not valid YAML: *${alias.source} refers to an anchor that is not there; text that begins with * stands in quotes`;
        const { line } = this.#lines.linePos(alias.range?.[0] ?? 0);
        this.#own.push({ line, words });
        this.#guessed.add(line);
        const text = document.createNode(`*${alias.source}`);
        text.range = alias.range ?? null;
        return text;
      },
    });
  }

  #written(): unknown {
    try {
      return this.#document?.toJS() ?? {};
    } catch (error) {
      // References that multiply without end.
      this.#own.push({ line: undefined, words: firstSentence((error as Error).message) });
      return {};
    }
  }

  #read(path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const words = `cannot be read (${(error as Error).message}); CHATKIT_CONFIG must name a readable file`;
      this.#own.push({ line: undefined, words });
      return undefined;
    }
  }

  /** Of the setting, or of the innermost part around it that exists. */
  #lineOf(path: readonly PropertyKey[]): number | undefined {
    let node: unknown = this.#document?.contents;
    let line: number | undefined;
    for (const step of path) {
      const place = inside(this.#resolved(node), step);
      if (!place) break;
      const offset = place.at.range?.[0];
      if (offset !== undefined) line = this.#lines.linePos(offset).line;
      node = place.value;
    }
    return line ?? (path.length > 0 ? 1 : undefined);
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) && this.#document ? node.resolve(this.#document) : node;
  }
}

function firstOfEachLine(errors: readonly YAMLParseError[]): YAMLParseError[] {
  const lines = errors.map(({ linePos }) => linePos?.[0].line);
  return errors.filter((_, index) => lines.indexOf(lines[index]) === index);
}

interface Located {
  readonly line: number | undefined;
  readonly words: string;
}

/** Where a step begins, and what it leads to. */
function inside(node: unknown, step: PropertyKey): { at: Node; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair && isNode(pair.key) ? { at: pair.key, value: pair.value } : undefined;
  }
  const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
  return isNode(item) ? { at: item, value: item } : undefined;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );
}

/** Below the working directory as it is typed there. */
function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

const wordsOf = ({ code, message }: YAMLParseError): string =>
  code === 'MULTIPLE_DOCS' ? 'a second document begins here (---): the config file is one' : firstSentence(message);

/** The parser adds the lines of the file, which may hold a secret, and the place, which is told anyway. */
function firstSentence(message: string): string {
  const [first = message] = message.split('\n');
  return `is not valid YAML: ${first.replace(/ at line \d+, column \d+:?$/, '')}`;
}
