import { describe, expect, it } from 'vitest';
import { aThread } from '../testing/index.js';
import { emptyPage } from './page.js';
import { Thread, ThreadMetadata } from './thread.js';

const row = { id: 'thr_1', created_at: '2026-01-31T09:30:00.123Z' };

describe('ThreadMetadata', () => {
  it('is active and untitled unless the row says more [TH-2] [TH-4]', () => {
    expect(ThreadMetadata.parse({ ...row, title: null, allowed_image_domains: null })).toEqual(aThread());
  });

  it('keeps private metadata as it is [ST-4]', () => {
    const metadata = { plan: null, steps: [null] };
    expect(ThreadMetadata.parse({ ...row, metadata }).metadata).toEqual(metadata);
  });

  it.each([{ type: 'locked', reason: 'Audit' }, { type: 'closed' }])('can be %j', (status) => {
    expect(ThreadMetadata.parse({ ...row, status }).status).toEqual(status);
  });

  it('refuses a status of another kind', () => {
    expect(ThreadMetadata.safeParse({ ...row, status: { type: 'frozen' } }).success).toBe(false);
  });
});

describe('Thread', () => {
  it('never has metadata [TH-3]', () => {
    expect(Thread.parse({ ...row, metadata: { plan: 'gold' }, items: emptyPage() })).toEqual({
      ...row,
      status: { type: 'active' },
      metadata: {},
      items: { data: [], has_more: false },
    });
  });
});
