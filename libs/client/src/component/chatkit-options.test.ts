import { expect, it } from 'vitest';
import { optionsOf, urlOfAssistant, withOwn } from './chatkit-options.js';
import type { ServerConfig } from './read-server.js';

const config: ServerConfig = {
  domainKey: 'dk_1',
  uploadStrategy: { type: 'direct', uploadUrl: 'https://chat.example.com/files' },
  attachments: { maxCount: 3, maxSize: 5, accept: { 'image/png': ['.png'] } },
  features: { feedback: true, retry: true },
  assistants: [
    { id: 'plain', name: 'Plain', default: true, dictation: false },
    {
      id: 'shop',
      name: 'Shop',
      default: false,
      dictation: true,
      greeting: 'A flower?',
      placeholder: 'Ask',
      disclaimer: 'It may be wrong.',
      prompts: [{ label: 'Rose', prompt: 'A rose', icon: 'sparkle' }],
      composerTools: [{ id: 'x', label: 'X', icon: 'compass' }],
    },
  ],
};
const models = [
  { id: 'a', label: 'A', description: 'of a', default: true },
  { id: 'b', label: 'B', default: false },
];
const facts = { config, models, url: '/chatkit', fetch, initialThread: 'thr_1' };

it('switches on what the server supports', () => {
  expect(optionsOf({ ...facts, assistant: 'shop' })).toEqual({
    api: { url: '/chatkit', fetch, domainKey: 'dk_1', uploadStrategy: config.uploadStrategy },
    initialThread: 'thr_1',
    history: { enabled: true, showDelete: true, showRename: true },
    startScreen: { greeting: 'A flower?', prompts: [{ label: 'Rose', prompt: 'A rose', icon: 'sparkle' }] },
    threadItemActions: { feedback: true, retry: true },
    composer: {
      placeholder: 'Ask',
      attachments: { enabled: true, maxCount: 3, maxSize: 5, accept: { 'image/png': ['.png'] } },
      dictation: { enabled: true },
      tools: [{ id: 'x', label: 'X', icon: 'compass' }],
      models,
    },
    disclaimer: { text: 'It may be wrong.' },
    thread: { autoScroll: true },
  });
});

it('leaves out what there is not: the component refuses what it does not know', () => {
  const bare = optionsOf({
    ...facts,
    config: { ...config, domainKey: null, assistants: [], features: {} },
    models: [],
  });
  expect(bare.api).toMatchObject({ domainKey: 'local-dev' });
  expect(Object.keys(bare.composer ?? {})).toEqual(['attachments', 'dictation']);
  expect(bare.disclaimer).toBeUndefined();
  expect(JSON.stringify(bare)).not.toContain('null,');
});

it('adds own options to those of the server, section by section', () => {
  const { composer, startScreen, header, theme } = withOwn(optionsOf({ ...facts, assistant: 'shop' }), {
    composer: { placeholder: 'Mine' },
    startScreen: { prompts: [] },
    header: { enabled: false },
    theme: 'dark' as const,
  });
  expect(composer).toMatchObject({ placeholder: 'Mine', dictation: { enabled: true } });
  expect(startScreen).toEqual({ greeting: 'A flower?', prompts: [] });
  expect([header, theme]).toEqual([{ enabled: false }, 'dark']);
});

it('has defaults of the page where the server says nothing', () => {
  const defaults = { startScreen: { greeting: 'Hello', prompts: [{ label: 'Mine', prompt: 'x' }] } };
  const of = (assistant: string) => withOwn(defaults, optionsOf({ ...facts, assistant })).startScreen;
  expect(of('plain')).toEqual(defaults.startScreen);
  expect(of('shop')).toMatchObject({ greeting: 'A flower?', prompts: [{ label: 'Rose' }] });
});

it('names the assistant in the address', () => {
  const notYetKnown = { assistants: [] };
  expect(urlOfAssistant('/chatkit', undefined, config)).toBe('/chatkit');
  expect(urlOfAssistant('/chatkit', 'shop', config)).toBe('/chatkit?assistant=shop');
  expect(urlOfAssistant('/chatkit', 'gone', config)).toBe('/chatkit');
  expect(urlOfAssistant('/chatkit', 'a b', notYetKnown)).toBe('/chatkit?assistant=a%20b');
  expect(urlOfAssistant('/chatkit?x=1', 'a', notYetKnown)).toBe('/chatkit?x=1&assistant=a');
});
