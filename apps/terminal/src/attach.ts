import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { SentAttachment } from '../../web/src/protocol/client.js';
import type { Connection } from './connect.js';

/** Our server looks at the bytes; others believe what they are told. */
const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
};

/** Formats that browsers record in, and that models of speech take. */
const RECORDINGS: Readonly<Record<string, string>> = {
  '.m4a': 'audio/mp4',
  '.mp3': 'audio/mpeg',
  '.mp4': 'audio/mp4',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.webm': 'audio/webm',
};

/** Rejects with a message for people. */
export async function readRecording(path: string): Promise<{ readonly bytes: Buffer; readonly type: string }> {
  const type = RECORDINGS[extname(path).toLowerCase()];
  if (type === undefined) throw new Error(`${path} is no recording: ${Object.keys(RECORDINGS).join(', ')}`);
  return { bytes: await read(path), type };
}

/** Sends a file to the server, to be attached to the next message. Rejects with a message for people. */
export async function attachFile({ uploads }: Connection, path: string, signal: AbortSignal): Promise<SentAttachment> {
  const bytes = await read(path);
  const file = new File([bytes], basename(path), { type: TYPES[extname(path).toLowerCase()] ?? '' });
  const attachment = await uploads.upload(file, { signal, onProgress: () => undefined });
  return { ...attachment, size: bytes.length };
}

const read = (path: string): Promise<Buffer<ArrayBuffer>> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path} cannot be read: ${error.code ?? error.message}`);
  });
