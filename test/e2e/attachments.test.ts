import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deltasOf, input, post } from '../support/chat.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { startOllama } from '../support/wires/ollama.js';
import { BMP, HEIC, pdfOf, pictureOf } from '#media/testing';
import { temporaryFolder } from '../support/temporary-folder.js';
import { duringSuite } from '../support/during-suite.js';
import { useProvider } from '../support/provider.js';

const CONFIG = new URL('attachments.config.yaml', import.meta.url).pathname;
const PNG = await pictureOf({ width: 2, height: 2 }).png().toBuffer();
const PDF = pdfOf(['Opening hours']);

describe('what is attached reaches the model that can take it', () => {
  const folder = temporaryFolder('attached-');
  const provider = useProvider();
  const ollama = duringSuite(startOllama, (server) => server.close());
  const relay = useRelay('postgres', () => ({
    variables: { CHATKIT_CONFIG: CONFIG, OPENAI_URL: provider.url, OLLAMA_URL: ollama.url, DATA_DIR: folder },
  }));

  async function upload(bytes: Buffer, name: string, type: string): Promise<string> {
    const data = new FormData();
    data.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
    const response = await fetch(`${relay.url}/files`, {
      method: 'POST',
      body: data,
      headers: { [USER_HEADER]: 'ada' },
    });
    expect(response.status).toBe(200);
    return ((await response.json()) as { id: string }).id;
  }

  const chatkit = (type: string, params: object) => post(relay.url, { type, params });

  /** As a version of the relay stored it that did not look at the bytes. */
  const unchecked = async (bytes: Buffer): Promise<string> => {
    const id = await upload(PNG, 'old.png', 'image/png');
    writeFileSync(join(folder, 'attachments', id), bytes);
    return id;
  };

  async function ask(model: string, attachment: string) {
    await provider.script([{ text: 'Seen.' }]);
    await ollama.say('Seen.');
    const answer = await post(relay.url, {
      type: 'threads.create',
      params: { input: { ...input('Look', { model }), attachments: [attachment] } },
    });
    expect(deltasOf(answer.events).join('')).toBe('Seen.');
    return answer.events.filter(({ type }) => type === 'notice');
  }

  /** Says something with an attachment, does something to it, and says something more. */
  async function afterwards(attachment: string, meanwhile: () => Promise<unknown> = async () => undefined) {
    await provider.script([{ text: 'First.' }, { text: 'Second.' }]);
    const attached = { ...input('Look', { model: 'openai/seer' }), attachments: [attachment] };
    const first = await chatkit('threads.create', { input: attached });
    await meanwhile();
    const threadId = first.events.find(({ type }) => type === 'thread.created')?.['thread'] as { id: string };
    const second = await chatkit('threads.add_user_message', {
      thread_id: threadId.id,
      input: input('And now?', { model: 'openai/seer' }),
    });
    const prompts = (await provider.calls()).map((call) => JSON.stringify(call.input));
    const notices = [first, second].map(({ events }) => events.filter(({ type }) => type === 'notice').length);
    return { said: [first, second].map(({ events }) => deltasOf(events).join('')), prompts, notices };
  }

  const announced = async (name: string): Promise<string> => {
    const { raw } = await chatkit('attachments.create', { name, mime_type: 'image/png', size: 10 });
    return (JSON.parse(raw) as { id: string }).id;
  };

  const asked = async (): Promise<string> => JSON.stringify((await provider.calls())[0]?.input);

  it('a picture as a picture', async () => {
    expect(await ask('openai/seer', await upload(PNG, 'plan.png', 'image/png'))).toEqual([]);
    expect(await asked()).toContain(PNG.toString('base64'));
  });

  it('a picture as a remark, where the model cannot see, and the person is told', async () => {
    const notices = await ask('blind/words-only', await upload(PNG, 'plan.png', 'image/png'));
    expect(notices).toEqual([{ type: 'notice', level: 'warning', message: 'The chosen model cannot see pictures.' }]);
    expect(await asked()).not.toContain(PNG.toString('base64'));
    expect(await asked()).toContain('cannot see');
  });

  it('a text as text, for every model', async () => {
    expect(await ask('blind/words-only', await upload(Buffer.from('Süße Worte'), 'a.txt', 'text/plain'))).toEqual([]);
    expect(await asked()).toContain('Süße Worte');
  });

  it('a PDF as it is where the wire has a place for it, elsewhere as text', async () => {
    const pdf = await upload(PDF, 'a.pdf', 'application/pdf');
    expect(await ask('openai/seer', pdf)).toEqual([]);
    expect(await asked()).toContain(PDF.toString('base64'));
    expect(await ask('blind/words-only', pdf)).toEqual([]);
    expect(await asked()).toContain('[page 1]\\nOpening hours');
  });

  it('a photo of a telephone as a picture that every model takes', async () => {
    expect(await ask('openai/seer', await upload(HEIC, 'IMG_1.HEIC', 'image/heic'))).toEqual([]);
    expect(await asked()).toContain('data:image/jpeg;base64,');
  });

  it('another file not at all, and the person is told', async () => {
    const archive = Buffer.from('504b050600000000000000000000000000000000', 'hex');
    const notices = await ask('ollama/llama-test', await upload(archive, 'b.zip', 'application/zip'));
    const message =
      'b.zip is a file of the type application/zip, which this model cannot read. The model did not get it.';
    expect(notices).toEqual([{ type: 'notice', level: 'warning', message }]);
  });

  describe('a thread lives on after an attachment', () => {
    it.each<[string, () => Promise<string>, RegExp, number]>([
      ['that was never uploaded', () => announced('a.png'), /\[attachment a\.png was not uploaded\]/, 1],
      ['that is empty', () => upload(Buffer.alloc(0), 'a.txt', 'text/plain'), /\[attachment a\.txt is empty\]/, 1],
      [
        'that is damaged',
        () => unchecked(PNG.subarray(0, 20)),
        /\[attachment old\.png could not be read: .*damaged/,
        1,
      ],
      ['that no model takes', () => unchecked(BMP), /\[attachment old\.png could not be read: .*no BMP/, 1],
      ['of an earlier version', () => unchecked(HEIC), /data:image\/jpeg;base64,/, 0],
    ])('%s', async (_, attach, prompt, noticesOfFirst) => {
      const { said, prompts, notices } = await afterwards(await attach());
      expect(said).toEqual(['First.', 'Second.']);
      expect(prompts).toEqual([expect.stringMatching(prompt), expect.stringMatching(prompt)]);
      expect(notices).toEqual([noticesOfFirst, 0]);
    });

    it('that is deleted', async () => {
      const id = await upload(PNG, 'a.png', 'image/png');
      const deleted = () => chatkit('attachments.delete', { attachment_id: id });
      const { said, prompts, notices } = await afterwards(id, deleted);
      expect(said).toEqual(['First.', 'Second.']);
      expect(prompts[1]).toContain('[attachment a.png is no longer available]');
      expect(notices).toEqual([0, 0]);
    });
  });
});
