import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_ISSUES, REQUEST_LIMITS } from '#chatkit';
import { MAX_PIXELS } from '#media';
import { AttachmentsConfig } from '../../libs/runtime/src/attachments/attachment-config.js';
import { requestLimits, RequestLimitsConfig } from '../../libs/runtime/src/config/request-limits.js';
import { MAX_PAGE_BYTES, MAX_PAGE_ROWS } from '../../libs/runtime/src/threads/page-size.js';
import { MAX_OWNERS } from '../../libs/runtime/src/administration/busiest-owners.js';
import { LOOKED_AT } from '../../libs/runtime/src/administration/list-runs.js';
import { MAX_WORKERS } from '../../libs/runtime/src/administration/list-workers.js';
import { MAX_FAILED } from '../../libs/runtime/src/administration/overview.js';
import { MAX_ROWS as MAX_USAGE_ROWS, MAX_TRENDS } from '../../libs/runtime/src/administration/usage-report.js';
import { STATEMENT_MS } from '../../libs/runtime/src/administration/within-time.js';
import { MAX_LISTED_BREAKERS } from '../../libs/runtime/src/policy-state/policy-state.js';
import { MAX_COUNTERS, MAX_NEAR_QUOTAS } from '../../libs/runtime/src/quotas/near-quotas.js';
import { MAX_DAYS, MAX_ROWS } from '../../apps/api/src/admin/list-bounds.js';
import { HEADERS_WITHIN_MS, MAX_HEADER_BYTES } from '../../apps/api/src/http/create-adapter.js';
import { SMALL_BODY } from '../../apps/api/src/http/open-bodies.js';
import { STALL_PERIODS } from '../../apps/api/src/files/until-sent.js';
import { CALLS_PER_USER } from '../../apps/api/src/slots/call-slots.js';
import { SEARCHES_PER_USER } from '../../apps/api/src/slots/search-slots.js';
import { MAX_WINDOWS, MIN_BYTES } from '../../apps/api/src/http/slow-bodies.js';
import { MAX_TOOL_CALLS } from '../../libs/providers/src/parts/part-writer.js';

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
const limits = requestLimits(RequestLimitsConfig.parse({}), { hasUsers: true, isLimited: true });

const number = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${bytes / 1024 / 1024} MB`;
const seconds = (ms: number): string => `${ms / 1000} seconds`;

/** What the code says, by the names of the page. */
const inForce: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(REQUEST_LIMITS).map(([name, { max, unit }]) => [name, `${number(max)} ${unit}`]),
  ),
  body: megabytes(limits.bodyBytes),
  bodies: megabytes(limits.openBytes),
  'bodies.user': megabytes(limits.openBytesPerUser),
  'body.stall': seconds(limits.stallMs),
  'body.time': `${MAX_WINDOWS} such periods`,
  headers: `${MAX_HEADER_BYTES / 1024} KB`,
  'headers.time': seconds(HEADERS_WITHIN_MS),
  'message.files': number(limits.messageFiles),
  'message.bytes': megabytes(limits.messageAttachmentBytes),
  streams: number(limits.streamsPerUser ?? 0),
  uploads: number(limits.uploadsPerUser),
  downloads: number(limits.downloadsPerUser),
  'download.stall': `${STALL_PERIODS} such periods`,
  searches: number(SEARCHES_PER_USER),
  calls: number(CALLS_PER_USER),
  'file.bytes': megabytes(AttachmentsConfig.parse({}).maxBytes),
  'picture.pixels': `${MAX_PIXELS / 1e6} million`,
  'page.rows': number(MAX_PAGE_ROWS),
  'page.bytes': megabytes(MAX_PAGE_BYTES),
  'idempotency.key': '255 characters',
  issues: number(MAX_ISSUES),
  'admin.page': number(MAX_ROWS),
  'admin.search': number(LOOKED_AT),
  'admin.time': seconds(STATEMENT_MS),
  'admin.failures': number(MAX_FAILED),
  'admin.workers': number(MAX_WORKERS),
  'admin.breakers': number(MAX_LISTED_BREAKERS),
  'admin.usage.days': number(MAX_DAYS),
  'admin.usage.rows': number(MAX_USAGE_ROWS),
  'admin.usage.trends': number(MAX_TRENDS),
  'admin.owners': number(MAX_OWNERS),
  'admin.quotas': number(MAX_NEAR_QUOTAS),
  'admin.counters': number(MAX_COUNTERS),
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
    expect(RequestLimitsConfig.safeParse({ [group]: { [key]: 64 } })).not.toMatchObject({
      error: { issues: [{ code: 'unrecognized_keys' }] },
    });
  const withDefault = Object.entries(RequestLimitsConfig.parse({})).flatMap(([group, fields]) =>
    Object.keys(fields).map((key) => `${group}.${key}`),
  );
  expect(keys).toEqual(expect.arrayContaining(withDefault));
});

it('the text around the table says what the code does', () => {
  expect(page).toContain(`as long as ${MIN_BYTES / 1024} KB arrive in each ${limits.stallMs / 1000} seconds`);
  expect(page).toContain(`JSON bodies of more than ${SMALL_BODY / 1024} KB`);
  expect(page).toContain(`ask for ${MAX_TOOL_CALLS} tools in one answer`);
});
