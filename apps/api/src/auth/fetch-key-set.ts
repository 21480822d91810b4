import { type Agent, get as getByHttp, type IncomingMessage } from 'node:http';
import { get as getByHttps } from 'node:https';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { JSONWebKeySet } from 'jose';

/** Where the keys of an identity provider are, and through which proxy they are fetched. */
export interface KeySource {
  readonly url: string;
  /** With its credentials. */
  readonly proxy?: string | undefined;
}

const MAX_BYTES = 1_048_576;

/** Follows no redirect. Rejects when the whole answer has not come in time. */
export async function fetchKeySet(source: KeySource, timeoutMs: number): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return JSON.parse(await fetchText(source, signal)) as JSONWebKeySet;
  } catch (cause) {
    const message = signal.aborted ? late(timeoutMs) : (cause as Error).message;
    // Either may be at fault.
    const through = source.proxy === undefined ? '' : ` (through the proxy ${new URL(source.proxy).host})`;
    throw new Error(message + through, { cause });
  }
}

const late = (timeoutMs: number): string => `the identity provider has not sent its keys within ${timeoutMs / 1_000} s`;

async function fetchText(source: KeySource, signal: AbortSignal): Promise<string> {
  const answer = await ask(source, signal);
  if (answer.statusCode === 200) return textOf(answer);
  answer.destroy();
  throw new Error(`the identity provider answered ${answer.statusCode} instead of its keys`);
}

function ask({ url, proxy }: KeySource, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = new URL(url).protocol === 'https:';
  const get = secure ? getByHttps : getByHttp;
  const agent = proxy === undefined ? {} : { agent: proxyAgent(proxy, secure, signal) };
  return new Promise((resolve, reject) => {
    // Node tells a request of its abort only once it has a connection, for which a silent proxy lets it wait.
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    get(url, { ...agent, headers: { accept: 'application/json' }, signal }, resolve).on('error', reject);
  });
}

const proxyAgent = (proxy: string, secure: boolean, signal: AbortSignal): Agent =>
  secure ? new HttpsProxyAgent(proxy, { signal }) : new HttpProxyAgent(proxy, { signal });

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the answer of the identity provider is far too long for keys');
  }
  return Buffer.concat(chunks).toString('utf8');
}
