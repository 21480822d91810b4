import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { generate } from '../spec/generate.js';
import type { LanguageModel } from '../spec/language-model.js';
import { conformance } from './conformance.js';
import type { LocalServer } from './local-server.js';
import { useLocalServers } from './use-local-servers.js';
import { noAbort, say } from './prompts.js';
import { failureOf } from './failure-of.js';

/** An answer as its wire has it, of at least two pieces of text that make `Hello wörld`. */
export interface WireAnswer {
  readonly contentType: string;
  /** The frames, of which the first has the first piece of text. Bytes for a wire that is no text. */
  readonly frames: readonly (string | Uint8Array)[];
  readonly modelAt: (url: string) => LanguageModel;
}

const TEXT = 'Hello wörld';

const bytesOf = (frames: WireAnswer['frames']): Buffer => Buffer.concat(frames.map((frame) => Buffer.from(frame)));

/** Generous: it is there to end a test that has failed, not to measure. */
const PATIENCE_MS = 5_000;

const hungUp = (server: LocalServer) => Promise.race([server.requests[0]!.hungUp, wait(PATIENCE_MS, false)]);

/** What every model that streams over HTTP must handle: the contract, and a server that hangs, drips or falls silent. */
export function streamsOverHttp(name: string, { contentType, frames, modelAt }: WireAnswer): void {
  const serve = useLocalServers();
  const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': contentType });
  const hang = (response: ServerResponse) => void head(response).write(frames[0]!);

  conformance(name, async () => {
    const server = await serve(async (response) => {
      head(response);
      for (const frame of frames) {
        response.write(frame);
        await wait(5);
      }
      response.end();
    });
    return modelAt(server.url);
  });

  describe(`${name} over HTTP`, () => {
    it('reads an answer that drips in byte by byte', async () => {
      const server = await serve(async (response) => {
        head(response);
        for (const byte of bytesOf(frames)) {
          response.write(Buffer.from([byte]));
          await new Promise(setImmediate);
        }
        response.end();
      });
      expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe(TEXT);
    });

    const isText = frames.every((frame) => typeof frame === 'string');
    it.runIf(isText)('reads lines that end in CRLF, and a last one that does not end', async () => {
      const server = await serve((response) => {
        head(response).end(frames.join('').trimEnd().replaceAll('\n', '\r\n'));
      });
      expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe(TEXT);
    });

    it('stops waiting for the headers, and hangs up', async () => {
      const server = await serve(() => undefined);
      const stop = new AbortController();
      const reason = new Error('no patience');
      const answer = generate(modelAt(server.url), say('hi'), stop.signal);
      answer.catch(() => undefined);
      await expect.poll(() => server.requests.length, { timeout: PATIENCE_MS }).toBe(1);
      stop.abort(reason);
      await expect(answer).rejects.toBe(reason);
      expect(await hungUp(server)).toBe(true);
    });

    it('hangs up on a server that hangs in the middle', async () => {
      const server = await serve(hang);
      const stop = new AbortController();
      const reason = new Error('stopped');
      const listen = async () => {
        for await (const part of modelAt(server.url).stream(say('hi'), stop.signal)) {
          if (part.type === 'text-delta') setTimeout(() => stop.abort(reason), 5);
        }
      };
      await expect(listen()).rejects.toBe(reason);
      expect(await hungUp(server)).toBe(true);
    });

    it('hangs up when the loop is left early', async () => {
      const server = await serve(hang);
      for await (const part of modelAt(server.url).stream(say('hi'), noAbort())) if (part.type === 'text-delta') break;
      expect(await hungUp(server)).toBe(true);
    });

    it('calls an answer without its end truncated, and may be asked again', async () => {
      const server = await serve((response) => void head(response).end(frames[0]));
      const error = await failureOf(generate(modelAt(server.url), say('hi'), noAbort()));
      expect([error.code, error.retryable]).toEqual(['stream_truncated', true]);
    });

    it('keeps the connection for the next answer', async () => {
      const server = await serve((response) => void head(response).end(bytesOf(frames)));
      const model = modelAt(server.url);
      for (let turn = 0; turn < 3; turn++) {
        await generate(model, say('hi'), noAbort());
        // The tail of an answer is read after the reader has left.
        await wait(5);
      }
      expect(server.connections()).toBe(1);
    });
  });
}
