const HIDDEN = '[secret]';

/** Names of settings, variables, headers and fields whose values are secret. */
const SECRET_NAME = /(key|token|secret|password|credential|authorization|cookie)s?$/i;

/** Shorter values, and words, would make plain text unreadable: `messages` may well be the value of a setting called `promptKey`. */
const MIN_LENGTH = 8;
const WORD = /^[a-z_]{1,15}$/i;

/** What is formed like a secret. Regular expressions are slow: they are asked only where one of `signs` stands. */
interface Shape {
  readonly signs: readonly string[];
  readonly pattern: RegExp;
  /** In its place; by default all of it is hidden. */
  readonly shown?: string;
}

/** Secrets wherever they stand: credentials of HTTP, of URLs and of their queries, named fields, keys of ours and of others. */
const SHAPES: readonly Shape[] = [
  {
    signs: ['Bearer', 'bearer', 'Basic', 'basic'],
    pattern: /\b(bearer|basic) +[\w.~+/=-]{6,}/gi,
    shown: `$1 ${HIDDEN}`,
  },
  { signs: ['@'], pattern: /(:\/\/[^\s/:@"\\]*):[^\s/@"\\]+@/g, shown: `$1:${HIDDEN}@` },
  {
    signs: ['?', '&'],
    pattern: /([?&][\w.-]*(?:token|key|secret|sig|signature|password|code|credential)=)[^&\s"#\\]+/gi,
    shown: `$1${HIDDEN}`,
  },
  {
    // Also in JSON that stands in a JSON string.
    signs: ['uthorization', 'ookie', 'api', 'Api', 'API', 'assword', 'oken"', 'oken\\', 'ecret'],
    pattern:
      /(\\*"(?:[\w-]*[_-])?(?:authorization|cookie|api[_-]?key|password|token|secret)\\*": *\\*")(?:[^"\\]|\\+[^"\\])+/gi,
    shown: `$1${HIDDEN}`,
  },
  {
    signs: ['ckr_', 'sk-', 'eyJ'],
    pattern: /\b(?:ckr_[0-9a-f]{16,}|sk-[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g,
  },
];

/**
 * Takes secrets out of finished log lines: what is formed like one, and these values. It is the last rule and not the only one: the
 * code that logs names what it logs, and what providers say has lost its secrets before (`operatorDetail`).
 */
export function secretsHidden(values: readonly string[]): (line: string) => string {
  const known = [...new Set(values.filter(isTelling).flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  return (line) => {
    let safe = line;
    for (const value of known) if (safe.includes(value)) safe = safe.replaceAll(value, HIDDEN);
    for (const { signs, pattern, shown = HIDDEN } of SHAPES)
      if (signs.some((sign) => safe.includes(sign))) safe = safe.replace(pattern, shown);
    return safe;
  };
}

/** The values of all settings, at any depth, whose names mark them as secret; and passwords of URLs. */
export function secretsIn(settings: unknown, name = ''): string[] {
  if (typeof settings === 'string') {
    // `name=value` pairs, as OpenTelemetry writes headers.
    if (/headers$/i.test(name)) return settings.split(',').map((header) => header.slice(header.indexOf('=') + 1));
    // A list, as of keys that are replaced one by one, is known by its members as well.
    if (SECRET_NAME.test(name)) return [settings, ...settings.split(',')].map((text) => text.trim());
    return passwordOf(settings);
  }
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([field, value]) => secretsIn(value, Array.isArray(settings) ? name : field));
}

function passwordOf(text: string): string[] {
  if (!/^[a-z]+:\/\/[^/]*@/i.test(text) || !URL.canParse(text)) return [];
  const { password } = new URL(text);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}

const isTelling = (value: string): boolean => value.length >= MIN_LENGTH && !WORD.test(value);

/** As it is, as JSON writes it, and as a URL does. */
const formsOf = (value: string): string[] => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
