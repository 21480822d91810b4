import { int, jsonb, nullable, prepared, text, timestamp } from '../platform/statement.js';
import { boundedPage } from './bounded-page.js';
import { ROW_BYTES } from './page-size.js';

const COLUMNS = {
  id: text(),
  title: nullable(text()),
  status: jsonb<unknown>(),
  allowedImageDomains: nullable(jsonb<unknown>()),
  metadata: jsonb<unknown>(),
  createdAt: timestamp(),
  bytes: int(),
};

/** Threads of tenant $1 and user $2, behind position $3, $4 rows and $5 bytes at most. */
const THREADS = {
  table: 'threads',
  columns: 'id, title, status, allowed_image_domains, metadata, created_at',
  returned: `id, title, status, allowed_image_domains AS "allowedImageDomains", metadata, created_at AS "createdAt"`,
  // Its title, its status and what is private of it.
  bytes: `coalesce(octet_length(title), 0) + octet_length(status::text) + octet_length(metadata::text)
    + coalesce(octet_length(allowed_image_domains::text), 0) + ${ROW_BYTES}`,
  where: 'tenant_id = $1 AND owner_id = $2',
  bound: 3,
};

export const LOAD_THREADS = {
  asc: prepared('store-threads-asc', boundedPage(THREADS, 'asc'), COLUMNS),
  desc: prepared('store-threads-desc', boundedPage(THREADS, 'desc'), COLUMNS),
};
