import { expect, it } from 'vitest';
import { startReplay } from './replay.js';

const RECORDING = 'data: {"text":"wörd 🌍"}\n\n'.repeat(40);

async function piecesOf(url: string): Promise<{ pieces: number; text: string; type: string | null }> {
  const response = await fetch(url);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body!) chunks.push(chunk);
  return {
    pieces: chunks.length,
    text: Buffer.concat(chunks).toString(),
    type: response.headers.get('content-type'),
  };
}

it('plays the bytes as they are, in many pieces', async () => {
  const replay = await startReplay(RECORDING, { contentType: 'text/x' });
  const { pieces, text, type } = await piecesOf(replay.url);
  await replay.close();
  expect({ text, type }).toEqual({ text: RECORDING, type: 'text/x' });
  expect(pieces).toBeGreaterThan(1);
  expect(replay.requests).toHaveLength(1);
});
