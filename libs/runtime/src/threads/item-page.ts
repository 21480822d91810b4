import { int, prepared } from '../platform/statement.js';
import { boundedPage } from './bounded-page.js';
import { ROW_BYTES } from './page-size.js';
import { ITEM_COLUMNS, itemColumnsSql } from './rows.js';

const COLUMNS = { ...ITEM_COLUMNS, bytes: int() };

/** Items of thread $1, behind position $2, $3 rows and $4 bytes at most. */
const ITEMS = {
  table: 'items',
  columns: itemColumnsSql,
  returned: itemColumnsSql,
  bytes: `octet_length(payload::text) + ${ROW_BYTES}`,
  where: 'thread_id = $1',
  bound: 2,
};

export const LOAD_PAGE = {
  asc: prepared('store-items-asc', boundedPage(ITEMS, 'asc'), COLUMNS),
  desc: prepared('store-items-desc', boundedPage(ITEMS, 'desc'), COLUMNS),
};
