import { describe, expect, it } from 'vitest';
import { post } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';

const CONFIG = new URL('dictation.config.yaml', import.meta.url).pathname;

describe.each(oneEngine('redis'))('dictation through a provider on the %s engine (RQ-25)', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, () => ({ variables: { CHATKIT_CONFIG: CONFIG, OPENAI_URL: provider.url } }));

  const dictate = (mime_type: string) =>
    post(relay.url, {
      type: 'input.transcribe',
      params: { audio_base64: Buffer.from('speech').toString('base64'), mime_type },
    });

  it('sends the bytes with their type, and answers with the text', async () => {
    const answer = await dictate('audio/webm;codecs=opus');
    expect([answer.status, JSON.parse(answer.raw)]).toEqual([200, { text: 'audio/webm:6' }]);
    // Booked by the time that it is answered, as every other request to a provider is.
    const booked = await relay.query('SELECT provider, calls, input_tokens, estimated FROM model_usage');
    expect(booked).toEqual([{ provider: 'openai', calls: 1, input_tokens: '1', estimated: true }]);
  });

  it('says that it did not work when the provider is gone, and nothing else', async () => {
    await provider.close();
    const answer = await dictate('audio/mp4');
    expect(answer.status).toBe(500);
    expect(answer.raw).not.toContain('ECONNREFUSED');
  });
});
