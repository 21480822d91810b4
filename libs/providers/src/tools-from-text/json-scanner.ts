/** Observes JSON while it is read and decides whether it can still be the expected kind. Paths are like `.tool_calls[].name`. */
export interface JsonWatch {
  /** A value begins with this character. */
  value(path: string, char: string): boolean;
  /** The raw text of a key of the object at `path`, so far. */
  key(path: string, text: string, isWhole: boolean): boolean;
  /** The raw text of a string value, so far. */
  string(path: string, text: string, isWhole: boolean): boolean;
}

/** `done`: the character ended the object or list; `bad`: it does not belong to any JSON. */
export type JsonStep = 'more' | 'done' | 'bad';

interface Frame {
  readonly isObject: boolean;
  /** Undefined where it is deeper than any observed path. */
  readonly path: string | undefined;
  key: string;
}

const WATCHED_DEPTH = 5;
const SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/** Reads one JSON object or list character by character, as strictly as `JSON.parse`. */
export class JsonScanner {
  /** The watch has rejected it: valid so far, but not the expected kind. */
  misfits = false;

  private state: 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'next' | 'string' | 'scalar' = 'value';
  private readonly frames: Frame[] = [];
  private isKey = false;
  private text = '';
  /** Within an escape: `\` or `\u` and what follows it. */
  private escape = '';

  constructor(private readonly watch: JsonWatch) {}

  push(char: string): JsonStep {
    if (this.state === 'string') return this.inString(char);
    if (this.state === 'scalar') {
      if (/[-+.\w]/.test(char)) this.text += char;
      else return SCALAR.test(this.text) ? this.between(char, 'next') : 'bad';
      return 'more';
    }
    return this.between(char, this.state);
  }

  private between(char: string, state: Exclude<typeof this.state, 'string' | 'scalar'>): JsonStep {
    this.state = state;
    if (/[ \t\r\n]/.test(char)) return 'more';
    switch (state) {
      case 'first value':
        return char === ']' ? this.close(false) : this.begin(char);
      case 'value':
        return this.begin(char);
      case 'first key':
        return char === '}' ? this.close(true) : this.beginKey(char);
      case 'key':
        return this.beginKey(char);
      case 'colon':
        this.state = 'value';
        return char === ':' ? 'more' : 'bad';
      case 'next':
        return this.next(char);
    }
  }

  private next(char: string): JsonStep {
    if (char === '}' || char === ']') return this.close(char === '}');
    this.state = this.frames.at(-1)?.isObject ? 'key' : 'value';
    return char === ',' ? 'more' : 'bad';
  }

  private begin(char: string): JsonStep {
    const path = this.path;
    if (path !== undefined && !this.watch.value(path, char)) this.misfits = true;
    if (char === '{' || char === '[') {
      const isObject = char === '{';
      this.frames.push({ isObject, path: this.frames.length < WATCHED_DEPTH ? path : undefined, key: '' });
      this.state = isObject ? 'first key' : 'first value';
      return 'more';
    }
    if (this.frames.length === 0 || !/["\-\dtfn]/.test(char)) return 'bad';
    this.isKey = false;
    this.text = char === '"' ? '' : char;
    this.state = char === '"' ? 'string' : 'scalar';
    return 'more';
  }

  private beginKey(char: string): JsonStep {
    this.isKey = true;
    this.text = '';
    this.state = 'string';
    return char === '"' ? 'more' : 'bad';
  }

  private close(isObject: boolean): JsonStep {
    if (this.frames.pop()?.isObject !== isObject) return 'bad';
    this.state = 'next';
    return this.frames.length === 0 ? 'done' : 'more';
  }

  private inString(char: string): JsonStep {
    if (char < ' ') return 'bad';
    if (this.escape !== '') return this.inEscape(char);
    if (char === '"') return this.endString();
    if (char === '\\') this.escape = char;
    this.text += char;
    this.report(false);
    return 'more';
  }

  private inEscape(char: string): JsonStep {
    const escape = this.escape + char;
    if (!/^\\(?:["\\/bfnrt]|u[\da-fA-F]{0,4})$/.test(escape)) return 'bad';
    this.text += char;
    this.escape = escape[1] === 'u' && escape.length < 6 ? escape : '';
    return 'more';
  }

  private endString(): JsonStep {
    this.report(true);
    const frame = this.frames.at(-1);
    if (this.isKey && frame) frame.key = this.text;
    this.state = this.isKey ? 'colon' : 'next';
    return 'more';
  }

  private report(isWhole: boolean): void {
    const path = this.isKey ? this.frames.at(-1)?.path : this.path;
    if (path === undefined) return;
    const fits = this.isKey ? this.watch.key(path, this.text, isWhole) : this.watch.string(path, this.text, isWhole);
    if (!fits) this.misfits = true;
  }

  /** Of the value that is read. */
  private get path(): string | undefined {
    const frame = this.frames.at(-1);
    if (!frame) return '';
    if (frame.path === undefined) return undefined;
    return frame.isObject ? `${frame.path}.${frame.key}` : `${frame.path}[]`;
  }
}
