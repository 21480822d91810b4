import type { Check } from '../check.js';
import { fail, type Finding, ok, reasonOf, skip, warn } from '../finding.js';
import { ask, askChatKit, nameOf, objectIn, refusalIn } from '../server/ask.js';
import type { Server } from '../server/server.js';

const MB = 1024 * 1024;
const WITHIN_MS = 60_000;
const FILE = { name: 'doctor.txt', mime_type: 'text/plain' };
const RAISE = 'Raise the limit for bodies in the proxy (nginx: client_max_body_size), or lower attachments.maxBytes.';

interface Announced {
  readonly id: string;
  readonly upload_descriptor?: {
    readonly url: string;
    readonly method: string;
    readonly headers: Record<string, string>;
  };
}

/** The largest file that is allowed, through the address of browsers; deleted again. */
export const upload: Check<Server> = {
  name: 'upload',
  async run(server) {
    const config = await objectIn(await ask(`${server.publicUrl}/config`));
    const size = (config?.['attachments'] as { maxSize?: number } | undefined)?.maxSize;
    if (size === undefined) return [skip('The server does not say how large a file may be.')];
    const bytes = Buffer.alloc(size, 'doctor\n');
    try {
      const response = await askChatKit(server, 'attachments.create', { ...FILE, size });
      if (response.status === 401 || response.status === 403) return [await asStranger(server, bytes)];
      if (!response.ok) return [await refused(response, 'attachments.create was refused')];
      return await sendAndDelete(server, (await response.json()) as Announced, bytes);
    } catch (error) {
      return [warn(`A file could not be sent: ${reasonOf(error)}`, 'See the log of the proxy and of the API.')];
    }
  },
};

async function sendAndDelete(server: Server, announced: Announced, bytes: Buffer): Promise<Finding[]> {
  const { id, upload_descriptor: target } = announced;
  try {
    if (!target) return [skip('The server does not use two-phase uploads.')];
    const { url, method, headers } = target;
    const told = new URL(url);
    if (told.pathname.startsWith('/files/') && told.origin !== new URL(server.publicUrl).origin) {
      const said = `Browsers are told to send files to ${told.origin} instead of ${server.publicUrl}.`;
      return [fail(said, `Set PUBLIC_URL=${server.publicUrl} for the API.`)];
    }
    const response = await ask(url, { method, headers, body: formOf(method, bytes) }, WITHIN_MS);
    return [
      response.ok ? ok(`a file of ${mb(bytes)} went through ${new URL(url).origin}`) : await tooLarge(response, bytes),
    ];
  } finally {
    await askChatKit(server, 'attachments.delete', { attachment_id: id });
  }
}

/** An object store takes the bytes as they are, the product a form or the bytes. */
function formOf(method: string, bytes: Buffer): NonNullable<RequestInit['body']> {
  if (method !== 'POST') return bytes as Uint8Array<ArrayBuffer>;
  const form = new FormData();
  form.append('file', new File([bytes], FILE.name, { type: FILE.mime_type }));
  return form;
}

/** Without credentials the server refuses the file; a proxy that does not take its size refuses it first. */
async function asStranger({ publicUrl }: Server, bytes: Buffer): Promise<Finding> {
  const response = await ask(`${publicUrl}/files`, { method: 'POST', body: formOf('POST', bytes) }, WITHIN_MS);
  if (response.status !== 401 && response.status !== 403) return tooLarge(response, bytes);
  return ok(`${mb(bytes)} reach the server, which stores nothing without credentials (--header gives some)`);
}

async function tooLarge(response: Response, bytes: Buffer): Promise<Finding> {
  const isProxy = response.status === 413 && (await refusalIn(response.clone())) === undefined;
  if (!isProxy) return refused(response, `A file of ${mb(bytes)} was refused`);
  return fail(`A proxy (${nameOf(response)}) refuses a file of ${mb(bytes)}, which the server allows.`, RAISE);
}

async function refused(response: Response, what: string): Promise<Finding> {
  const refusal = await refusalIn(response);
  const why = refusal ? `${refusal.code}: ${refusal.message}` : `by ${nameOf(response)}`;
  return warn(`${what}: HTTP ${response.status}, ${why}`, 'See the log of the API.');
}

const mb = ({ length }: Buffer): string => `${Math.round((10 * length) / MB) / 10} MB`;
