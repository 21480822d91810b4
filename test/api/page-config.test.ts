import { describe, expect, it } from 'vitest';
import { until } from '../support/chat.js';
import { useRelay } from '../support/relay.js';
import { ask } from './auth/ask.js';

const CONFIG = new URL('page-config.config.yaml', import.meta.url).pathname;

describe('what pages are told', () => {
  const relay = useRelay('postgres', {
    workers: 0,
    variables: { CHATKIT_CONFIG: CONFIG, CHATKIT_DOMAIN_KEY: 'domain_pk_1', CORS_ORIGINS: 'https://app.example' },
  });

  it('without a credential, also while no worker is there; then nobody keeps the answer', async () => {
    const { status, headers, json } = await ask(relay.url, '/config');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(json).toMatchObject({
      versions: { server: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      local: false,
      auth: { required: true, modes: ['trustedHeader'] },
      domainKey: 'domain_pk_1',
      uploadStrategy: { type: 'two_phase' },
      attachments: { maxCount: 3, maxSize: 1000, maxTotalSize: 50 * 1024 * 1024 },
      ready: false,
      assistants: [],
    });
  });

  it('the assistants as their configuration and their modules present them, the default one first', async () => {
    await relay.startWorker();
    const { headers, json } = await until('the assistants', 10_000, async () => {
      const told = await ask(relay.url, '/config', { headers: { origin: 'https://app.example' } });
      return told.json['ready'] === true && told;
    });
    expect(headers['cache-control']).toBe('private, max-age=10');
    expect(headers['access-control-allow-origin']).toBe('https://app.example');
    const common = { doubleTexting: 'enqueue' };
    expect(json['assistants']).toEqual([
      {
        ...common,
        id: 'guide',
        name: 'The guide',
        greeting: 'Where to?',
        placeholder: 'Ask the guide',
        prompts: [{ label: 'Home', prompt: 'Take me home', icon: 'map-pin' }],
        composerTools: [{ id: 'walk', label: 'Walk', icon: 'compass', pinned: true }],
        default: true,
        dictation: true,
        allowCancel: false,
      },
      {
        ...common,
        id: 'plain',
        name: 'plain',
        prompts: [],
        composerTools: [],
        default: false,
        dictation: false,
        allowCancel: true,
      },
    ]);
  });
});
