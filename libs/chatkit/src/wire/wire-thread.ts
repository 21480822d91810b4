import type { ThreadItem } from '../protocol/item.js';
import { emptyPage, type Page } from '../protocol/page.js';
import type { Thread, ThreadMetadata } from '../protocol/thread.js';
import { visibleItems } from './visibility.js';

/**
 * The thread as a client may see it: metadata is always `{}` [TH-3], hidden items are left out [HD-1], and the items
 * page is empty unless one is given [TH-1]. Cursor and `has_more` still count hidden rows [PG-8].
 */
export function toWireThread(thread: ThreadMetadata, items: Page<ThreadItem> = emptyPage()): Thread {
  return {
    id: thread.id,
    created_at: thread.created_at,
    title: thread.title,
    status: thread.status,
    allowed_image_domains: thread.allowed_image_domains,
    metadata: {},
    items: { ...items, data: visibleItems(items.data) },
  };
}
