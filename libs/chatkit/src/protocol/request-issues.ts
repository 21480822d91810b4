import type { z } from 'zod';
import { MAX_ISSUES } from './request-limits.js';

/** One error in a request. Path and message together form a sentence. */
export interface RequestIssue {
  path: string;
  message: string;
}

/** Our message for a zod issue; undefined keeps zod's own. */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${expected(issue.expected)}, not ${kind(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'invalid_union':
      return 'is not a kind that this server knows';
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? issue.format}`;
    case 'too_small':
      return `must be ${issue.minimum} or more`;
    case 'too_big':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return undefined;
  }
}

/** A path has keys that the sender chose. */
const MAX_PATH = 200;

/** The first errors of a request. */
export function toIssues(error: z.ZodError): RequestIssue[] {
  return error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => ({ path: shortened(path.join('.')), message }));
}

const shortened = (path: string): string => (path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path);

const expectations: Record<string, string> = {
  array: 'an array',
  object: 'an object',
  int: 'a whole number',
  record: 'an object',
};

const formats: Record<string, string> = { base64: 'text in base64' };

function expected(type: string): string {
  return expectations[type] ?? `a ${type}`;
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
