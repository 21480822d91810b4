import * as z from 'zod';
import type { ModelRef } from '../../spec/model-ref.js';
import type { Speech } from '../../spec/provider.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { Transport } from '../../wire/transport.js';

const Transcription = z.object({ text: z.string() });

/** Speech to text (https://platform.openai.com/docs/api-reference/audio/createTranscription). */
export async function transcribe(
  transport: Transport,
  ref: ModelRef,
  { bytes, mediaType }: Speech,
  signal: AbortSignal,
): Promise<string> {
  const form = new FormData();
  form.append('model', ref.model);
  // The server takes the format from the name's extension: `audio/webm` is `.webm`.
  const ending = mediaType.split('/')[1] ?? 'webm';
  form.append('file', new Blob([Uint8Array.from(bytes)], { type: mediaType }), `speech.${ending}`);
  const text = await transport.read('POST', '/audio/transcriptions', { ref, body: form }, signal);
  try {
    return Transcription.parse(JSON.parse(text)).text;
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref, detail: 'not a transcription', cause });
  }
}
