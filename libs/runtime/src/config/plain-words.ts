import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
  record: 'a group of names',
};

/**
 * What zod finds wrong, in words for whoever wrote the file. For schemas that have no words of their own: given to a parse as
 * `error`.
 */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `is required: ${kindName(issue.expected)}`;
      return `must be ${kindName(issue.expected)}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return bound(issue.origin, Number(issue.minimum), issue.inclusive ? 'at least' : 'more than');
    case 'too_big':
      return bound(issue.origin, Number(issue.maximum), issue.inclusive ? 'at most' : 'less than');
    case 'invalid_union':
      return 'has none of the forms that it may have';
    case 'unrecognized_keys':
      return 'there is no such setting';
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
    default:
      return undefined;
  }
};

const kindName = (kind: string): string => KINDS[kind] ?? kind;

function bound(origin: string, limit: number, words: string): string {
  if (origin === 'string') return limit <= 1 ? 'must not be empty' : `must have ${words} ${limit} characters`;
  if (origin === 'array') return limit <= 1 ? 'must not be empty' : `must have ${words} ${limit} entries`;
  return `must be ${words} ${limit}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of settings';
  if (typeof value === 'string') return 'text';
  // Numbers and booleans are short and hold no secret.
  return String(value);
}
