import { type Agent, request } from 'node:http';
import { SignJWT } from 'jose';
import { TOKEN_SECRET, type Target, USER_HEADER, type Wire } from './messages.js';
import { type Heard, StreamReader } from './readers.js';
import { faultOfText, micros, modelOf, TokenReader } from './token.js';

/** A turn that takes longer has failed. */
const PATIENCE_MS = 30_000;
const MESSAGE = 'Tell me something.';

export interface Load {
  readonly tokens: number;
  readonly delayMs: number;
}

export interface Ear {
  onFirst(ttftMs: number): void;
  onToken(latencyMs: number): void;
}

/** Asks once and reads the answer to its end. Rejects when the connection breaks or the status is not 200. */
export function runTurn(
  agent: Agent,
  target: Target,
  user: string,
  load: Load,
  ear: Ear,
  body: unknown = BODIES[target.wire](load),
): Promise<Heard> {
  const askedAt = micros();
  let now = 0;
  let isFirst = true;
  const tokens = new TokenReader((sentAt) => {
    if (isFirst) ear.onFirst((now - askedAt) / 1_000);
    isFirst = false;
    ear.onToken((now - sentAt) / 1_000);
  });
  const reader = new StreamReader(target.wire, (delta) => tokens.push(delta));
  return post(agent, target.url, JSON.stringify(body), user, (piece) => {
    now = micros();
    reader.push(piece);
  }).then(() => reader.heard);
}

/** Why a stream is not exactly what was asked for. */
export function faultOf(heard: Heard, { tokens }: Load): string | undefined {
  if (heard.error) return heard.error;
  if (!heard.ended) return `ended early, after ${heard.text.length} characters`;
  if (isCaughtUp(heard)) return faultOfText(heard.whole ?? '', tokens);
  if (heard.whole !== undefined && heard.whole !== heard.text) return 'the finished item is not what the deltas said';
  return faultOfText(heard.text, tokens);
}

/** A reader who was late for deltas is brought to the present by the finished item alone: exact, but no stream from there on. */
export const isCaughtUp = ({ text, whole }: Heard): boolean =>
  whole !== undefined && text !== whole && whole.startsWith(text);

/** The answer's text as the product has stored it. */
export async function storedText(agent: Agent, target: Target, user: string, threadId: string): Promise<string> {
  let text = '';
  const body = JSON.stringify({ type: 'threads.get_by_id', params: { thread_id: threadId } });
  await post(agent, target.url, body, user, (piece) => (text += piece));
  const { items } = JSON.parse(text) as {
    items: { data: { type: string; content: { text: string }[] }[] };
  };
  const answers = items.data.filter((item) => item.type === 'assistant_message');
  return answers.flatMap((item) => item.content.map((part) => part.text)).join('');
}

const BODIES: Readonly<Record<Wire, (load: Load) => unknown>> = {
  openai: (load) => ({
    model: modelOf(load),
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: MESSAGE }],
  }),
  chatkit: (load) => ({ type: 'threads.create', params: { input: inputOf(load) } }),
};

const inputOf = (load: Load) => ({
  content: [{ type: 'input_text', text: MESSAGE }],
  attachments: [],
  inference_options: { model: `openai/${modelOf(load)}` },
});

/** A message in a thread that exists. */
export const nextMessage = (threadId: string, load: Load) => ({
  type: 'threads.add_user_message',
  params: { thread_id: threadId, input: inputOf(load) },
});

const tokens = new Map<string, string>();

/** A user's token, made once: signing is no work of a turn. */
async function tokenOf(user: string): Promise<string> {
  const made = tokens.get(user);
  if (made !== undefined) return made;
  const token = new SignJWT({ sub: user }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime('8h');
  const signed = await token.sign(new TextEncoder().encode(TOKEN_SECRET));
  tokens.set(user, signed);
  return signed;
}

/** Rejects unless the status is 200. */
export async function post(
  agent: Agent,
  url: string,
  body: string,
  user: string,
  onPiece: (piece: string) => void,
): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${await tokenOf(user)}`,
    [USER_HEADER]: user,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers, timeout: PATIENCE_MS });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`silent for ${PATIENCE_MS} ms`)));
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      let refusal = '';
      const take = incoming.statusCode === 200 ? onPiece : (piece: string) => (refusal += piece);
      incoming.setEncoding('utf8').on('data', take);
      incoming.on('error', reject);
      incoming.on('end', () => (refusal ? reject(new Error(`${incoming.statusCode}: ${refusal}`)) : resolve()));
    });
    outgoing.end(body);
  });
}
