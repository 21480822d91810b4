import { expect, it } from 'vitest';
import { readPageConfig } from './page-config.js';

it('reads what it knows, and makes something of everything', () => {
  expect(readPageConfig(null)).toMatchObject({
    local: false,
    ready: true,
    upload: { type: 'two_phase' },
    assistants: [],
  });
  expect(readPageConfig({}).attachments).toBeUndefined();
  const config = readPageConfig({
    versions: { server: '1.0.0' },
    local: true,
    uploadStrategy: { type: 'direct', uploadUrl: '/files' },
    attachments: { maxCount: 3, maxSize: 'much', accept: { 'image/png': ['.png', 7], 'text/plain': null } },
    assistants: [
      { id: 'a', default: true, dictation: true, composerTools: [{ id: 'web', label: 'Web', pinned: true }] },
      'no assistant',
    ],
  });
  expect(config).toMatchObject({
    version: '1.0.0',
    upload: { type: 'direct', uploadUrl: '/files' },
    attachments: { maxCount: 3, maxSize: Infinity, accept: { 'image/png': ['.png'], 'text/plain': [] } },
  });
  expect(config.assistants).toHaveLength(1);
  expect(config.assistants[0]).toMatchObject({ name: 'a', tools: [{ id: 'web', pinned: true, persistent: false }] });
});
