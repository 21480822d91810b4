import { afterAll, describe, expect, it } from 'vitest';
import { BMP, HEIC, noiseOf, pdfOf, pictureOf } from '#media/testing';
import { createProviders, type ProviderConfigInput } from '../config.js';
import type { Capability } from '../spec/capability.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { FilePart, ImagePart, UserMessage } from '../spec/prompt.js';
import type { Provider } from '../spec/provider.js';
import { startLocalServer } from '../testing/local-server.js';
import { withAcceptedFiles } from './with-accepted-files.js';

type Part = UserMessage['content'][number];
type Named = Pick<ProviderConfigInput, 'kind'> & Readonly<Record<string, unknown>>;

const PNG = await pictureOf({ width: 2, height: 2 }).png().toBuffer();
const AVIF = await pictureOf({ width: 2, height: 2 }).avif().toBuffer();
const TIFF = await pictureOf({ width: 2, height: 2 }).tiff().toBuffer();
const base64 = (bytes: Buffer) => ({ type: 'base64', data: bytes.toString('base64') }) as const;
const text = (content: string): Part => ({ type: 'text', text: content });
const image = (bytes: Buffer, mediaType = 'image/png'): ImagePart => ({
  type: 'image',
  mediaType,
  data: base64(bytes),
});
const file = (bytes: Buffer, mediaType = 'application/pdf', name = 'a.pdf'): FilePart => ({
  type: 'file',
  mediaType,
  data: base64(bytes),
  name,
});

const CHAT_SERVERS = ['deepseek', 'groq', 'mistral', 'perplexity', 'xai', 'vllm', 'llama-cpp', 'lm-studio', 'litellm'];
const SEEING: readonly Named[] = [
  ...['responses', 'chat'].map((wire): Named => ({ kind: 'openai', wire })),
  ...['anthropic', 'openrouter', 'groq', 'mistral', 'xai', 'vllm', 'gemini'].map((kind) => ({ kind }) as Named),
];
const nameOf = ({ kind, wire }: Named): string => [kind, wire].filter(Boolean).join(' ');

const server = await startLocalServer((response) => void response.writeHead(400).end('{}'));
afterAll(() => server.close());

/** What a provider of this entry sends for a message, and what it warns of. */
async function sent(entry: Named, content: readonly Part[]) {
  const [provider] = createProviders([{ apiKey: 'k', baseUrl: server.url, ...entry } as ProviderConfigInput]);
  const call: ModelCall = { prompt: [{ role: 'user', content }] };
  const warnings: string[] = [];
  try {
    const { signal } = new AbortController();
    for await (const part of provider!.model('m').stream(call, signal)) {
      if (part.type === 'warning') warnings.push(part.warning.detail);
    }
  } catch {
    // The server refuses everything: what it was sent is what counts.
  }
  return { body: JSON.stringify(server.requests.at(-1)?.body), warnings };
}

describe.each(SEEING.map((entry) => [nameOf(entry), entry] as const))(
  '%s is sent pictures that it takes',
  (_, entry) => {
    it('as they are, where it takes them', async () => {
      const { body, warnings } = await sent(entry, [text('see'), image(PNG)]);
      expect(body).toContain(PNG.toString('base64'));
      expect(warnings).toEqual([]);
    });

    it.each([
      ['HEIC', 'image/heic', HEIC],
      ['AVIF', 'image/avif', AVIF],
      ['SVG', 'image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>')],
      ['TIFF that is called PNG', 'image/png', TIFF],
    ])('%s as JPEG or PNG', async (name, mediaType, bytes) => {
      const { body, warnings } = await sent(entry, [text('see'), image(bytes, mediaType)]);
      expect(body).not.toContain(bytes.toString('base64'));
      expect(body).toMatch(/image\/(png|jpeg)/);
      expect({ name, warnings }).toEqual({ name, warnings: [] });
    });

    it('a picture that no person attached as it is, where only the server can tell what is wrong with it', async () => {
      const cut = PNG.subarray(0, 20);
      const { body, warnings } = await sent(entry, [text('see'), image(cut, 'image/png')]);
      expect(body).toContain(cut.toString('base64'));
      expect(warnings).toEqual([]);
    });

    it.each([
      ['BMP', 'image/bmp', BMP, /no BMP/],
      ['no picture', 'image/heic', Buffer.from('AAAA', 'base64'), /not a picture/],
      ['a cut one', 'image/png', PNG.subarray(0, 20), /damaged/],
      ['nothing', 'image/png', Buffer.alloc(0), /is empty/],
    ])('and a note instead of what none takes: %s', async (__, mediaType, bytes, why) => {
      const { body, warnings } = await sent(entry, [text('see'), { ...image(bytes, mediaType), name: 'picture' }]);
      expect(body).not.toMatch(/image_url|input_image|"image"/);
      expect(body).toContain('[attachment picture ');
      expect(warnings).toEqual([expect.stringMatching(why)]);
    });

    it('none beside an empty text', async () => {
      expect((await sent(entry, [text(' '), image(PNG)])).body).not.toMatch(/"text":"\s*"/);
    });
  },
);

it.each([
  ['anthropic', 5 * 1024 * 1024],
  ['groq', 4 * 1024 * 1024],
])('%s is sent large pictures within its limit', async (kind, most) => {
  const large = await noiseOf({ width: 1700, height: 1700 }).png().toBuffer();
  const { body, warnings } = await sent({ kind } as Named, [text('see'), image(large)]);
  expect(body).toContain('image/jpeg');
  expect(body.length).toBeLessThan(most);
  expect(warnings).toEqual([]);
});

it('xAI takes no WebP, others do', async () => {
  const webp = await pictureOf({ width: 2, height: 2 }).webp().toBuffer();
  const is = async (kind: string) =>
    (await sent({ kind } as Named, [image(webp, 'image/webp')])).body.includes(webp.toString('base64'));
  expect([await is('xai'), await is('anthropic')]).toEqual([false, true]);
});

describe.each(CHAT_SERVERS)('%s, which takes no files', (kind) => {
  it('is sent a PDF as text, and without a text layer as a note', async () => {
    const { body, warnings } = await sent({ kind } as Named, [
      text('x'),
      file(pdfOf(['Opening hours', 'Closed'])),
      file(pdfOf([''])),
    ]);
    expect(body).not.toContain('"file"');
    expect(body).toContain(
      'The attached file a.pdf:\\n<Attachment>\\n[page 1]\\nOpening hours\\n\\n[page 2]\\nClosed\\n</Attachment>',
    );
    expect(body).toContain('[attachment a.pdf is a PDF of 1 pages without a text layer');
    expect(warnings).toEqual([]);
  });

  it('is sent a text as text, and of other files a note', async () => {
    const archive = Buffer.from('504b050600000000000000000000000000000000', 'hex');
    const { body, warnings } = await sent({ kind } as Named, [
      file(Buffer.from('a;b'), 'text/csv', 'a.csv'),
      file(archive, 'application/zip', 'a.zip'),
      file(Buffer.from('AAAA', 'base64')),
    ]);
    expect(body).toContain('<Attachment>\\na;b\\n</Attachment>');
    expect(body).not.toContain('"file"');
    expect(warnings).toEqual([
      'a.zip is a file of the type application/zip, which this model cannot read. The model did not get it.',
      'a.pdf is a file of the type application/octet-stream, which this model cannot read. The model did not get it.',
    ]);
  });
});

describe('a server that takes files', () => {
  const takers = [
    { kind: 'anthropic' },
    { kind: 'openai', wire: 'responses' },
    { kind: 'openrouter' },
    { kind: 'gemini' },
  ];

  it.each(takers.map((entry) => [nameOf(entry as Named), entry as Named] as const))(
    '%s gets a PDF as it is',
    async (_, entry) => {
      const pdf = pdfOf(['Opening hours']);
      expect((await sent(entry, [file(pdf)])).body).toContain(pdf.toString('base64'));
      expect((await sent(entry, [file(pdf, 'application/octet-stream')])).body).toContain('application/pdf');
    },
  );

  it('gets no PDF that it would refuse: damaged, or too long', async () => {
    const [damaged, long] = [pdfOf(['a']).subarray(0, 100), pdfOf(Array<string>(101).fill('word'))];
    const { body, warnings } = await sent({ kind: 'anthropic' }, [file(damaged), file(long)]);
    expect(body).not.toContain('application/pdf');
    expect(body).toContain('[page 101]');
    expect(warnings).toEqual([expect.stringMatching(/^a.pdf could not be read: The PDF is damaged/)]);
  });

  it('a picture that is sent as a file is a picture', async () => {
    expect((await sent({ kind: 'anthropic' }, [file(PNG, 'application/octet-stream', 'a')])).body).toContain(
      '"type":"image"',
    );
  });
});

it('a model that does not see is told of the picture', async () => {
  const blind = { kind: 'openai-compatible', id: 'b', defaultModel: 'm' } as Named;
  const { body, warnings } = await sent(blind, [text('see'), image(PNG), image(HEIC, 'image/heic')]);
  expect(body).not.toContain('image_url');
  expect(body.match(/A picture is here that this model cannot see/g)).toHaveLength(2);
  expect(warnings).toHaveLength(2);
});

it('a model that is given everything as it is gets no empty text beside a picture, and no picture that it cannot see', async () => {
  const asked: ModelCall[] = [];
  const modelOf = (capabilities: readonly Capability[]): LanguageModel => ({
    ref: { provider: 'own', model: 'm' },
    capabilities: new Set(capabilities),
    async *stream(call) {
      asked.push(call);
      yield { type: 'finish', reason: { unified: 'stop', raw: null } };
    },
  });
  const call: ModelCall = { prompt: [{ role: 'user', content: [text(''), image(BMP, 'image/bmp')] }] };
  for (const capabilities of [['chat', 'vision'], ['chat']] as const) {
    const provider = withAcceptedFiles({ model: () => modelOf(capabilities) } as unknown as Provider, null);
    for await (const _ of provider.model('m').stream(call, new AbortController().signal)) continue;
  }
  expect(asked.map(({ prompt }) => prompt[0]?.content)).toEqual([
    [image(BMP, 'image/bmp')],
    [text('[A picture is here that this model cannot see. Say so if it matters.]')],
  ]);
});

it('a call without pictures and files reaches the model as the object that it is', () => {
  const streamed: unknown[] = [];
  const model = { ref: {}, capabilities: new Set(), stream: (call: ModelCall) => streamed.push(call) };
  const provider = withAcceptedFiles({ model: () => model } as unknown as Provider, null);
  const call: ModelCall = { prompt: [{ role: 'user', content: [text('hi')] }] };
  provider.model('m').stream(call, new AbortController().signal);
  expect(streamed[0]).toBe(call);
});
