import { expect, it, vi } from 'vitest';
import { runPageTool } from './run-page-tool.js';

const controls = (allows: boolean) => ({
  setTheme: vi.fn<(theme: string) => void>(),
  confirm: vi.fn<(question: string) => boolean>(() => allows),
});

it('carries out what needs no consent', async () => {
  const page = controls(false);
  expect(await runPageTool('set_theme', { theme: 'dark' }, page)).toEqual({ theme: 'dark' });
  expect(page.setTheme).toHaveBeenCalledWith('dark');
  expect(page.confirm).not.toHaveBeenCalled();
});

it.each([
  ['set_theme', { theme: 'blue' }],
  ['open_link', { url: 'javascript:alert(1)' }],
  ['toString', {}],
])('%s %j: tells the model that there is no such tool', async (name, given) => {
  const page = controls(true);
  expect(await runPageTool(name, given, page)).toMatchObject({ error: 'not_available' });
  expect(page.confirm).not.toHaveBeenCalled();
});

it.each([
  ['open_link', { url: 'https://example.com' }],
  ['copy_to_clipboard', { text: 'x' }],
])('%s: asks, and does nothing that is declined', async (name, given) => {
  const page = controls(false);
  expect(await runPageTool(name, given, page)).toMatchObject({ error: 'declined' });
  expect(page.confirm).toHaveBeenCalledWith(expect.stringContaining(Object.values(given)[0] ?? ''));
});

it('a browser that refuses is an answer, too', async () => {
  // There is no clipboard in this process.
  expect(await runPageTool('copy_to_clipboard', { text: 'x' }, controls(true))).toMatchObject({ error: 'failed' });
});
