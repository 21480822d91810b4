import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_ISSUES, REQUEST_LIMITS } from '#chatkit';
import { requestLimits, RequestLimitsConfig } from '../../libs/runtime/src/config/request-limits.js';
import { MAX_PAGE_BYTES, MAX_PAGE_ROWS } from '../../libs/runtime/src/threads/page-size.js';
import { HEADERS_WITHIN_MS, MAX_HEADER_BYTES } from '../../apps/api/src/http/create-adapter.js';
import { MAX_WINDOWS, MIN_BYTES } from '../../apps/api/src/http/slow-bodies.js';
import { MAX_TOOL_CALLS } from '../../libs/providers/src/parts/part-writer.js';

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
const limits = requestLimits(RequestLimitsConfig.parse({}), true);

const number = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${bytes / 1024 / 1024} MB`;
const seconds = (ms: number): string => `${ms / 1000} seconds`;

/** What the code says, by the names of the page. */
const inForce: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(REQUEST_LIMITS).map(([name, { max, unit }]) => [name, `${number(max)} ${unit}`]),
  ),
  body: megabytes(limits.bodyBytes),
  'body.stall': seconds(limits.stallMs),
  'body.time': `${MAX_WINDOWS} such periods`,
  headers: `${MAX_HEADER_BYTES / 1024} KB`,
  'headers.time': seconds(HEADERS_WITHIN_MS),
  'message.files': number(limits.messageFiles),
  'message.bytes': megabytes(limits.messageAttachmentBytes),
  streams: number(limits.streamsPerUser ?? 0),
  uploads: number(limits.uploadsPerUser),
  'page.rows': number(MAX_PAGE_ROWS),
  'page.bytes': megabytes(MAX_PAGE_BYTES),
  'idempotency.key': '255 characters',
  issues: number(MAX_ISSUES),
};

const cells = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('the page lists every limit as the code has it, and no other', () => {
  const listed = Object.fromEntries(cells.map(([, name = '', , most]) => [name.replaceAll('`', ''), most]));
  expect(listed).toEqual(inForce);
});

it('what is limited by a name of the protocol is described as in the code', () => {
  const described = Object.fromEntries(cells.map(([, name = '', of]) => [name.replaceAll('`', ''), of]));
  for (const [name, { of }] of Object.entries(REQUEST_LIMITS)) expect(described[name]).toBe(of);
});

it('the keys of the config file that it names are those that exist', () => {
  const keys = cells.flatMap(([, , , , by = '']) => /`limits\.(\w+)\.(\w+)`/.exec(by)?.slice(1, 3).join('.') ?? []);
  for (const [group = '', key = ''] of keys.map((one) => one.split('.')))
    expect(RequestLimitsConfig.safeParse({ [group]: { [key]: 1 } })).toMatchObject({ success: true });
  const withDefault = Object.entries(RequestLimitsConfig.parse({})).flatMap(([group, fields]) =>
    Object.keys(fields).map((key) => `${group}.${key}`),
  );
  expect(keys).toEqual(expect.arrayContaining(withDefault));
});

it('the text around the table says what the code does', () => {
  expect(page).toContain(`as long as ${MIN_BYTES / 1024} KB arrive in each ${limits.stallMs / 1000} seconds`);
  expect(page).toContain(`ask for ${MAX_TOOL_CALLS} tools in one answer`);
});
