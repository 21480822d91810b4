import type { OpenAI } from 'openai';
import * as z from 'zod';
import type { ModelRef } from '../../spec/model-ref.js';
import type { Speech } from '../../spec/provider.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { SdkOptions, SdkTransport } from '../../sdk/sdk-transport.js';

const Transcription = z.object({ text: z.string() });

/** Speech to text (https://platform.openai.com/docs/api-reference/audio/createTranscription). */
export async function transcribe(
  { client, sdk }: { readonly client: OpenAI; readonly sdk: SdkTransport },
  ref: ModelRef,
  { bytes, mediaType }: Speech,
  signal: AbortSignal,
): Promise<string> {
  // The server takes the format from the name's extension: `audio/webm` is `.webm`.
  const ending = mediaType.split('/')[1] ?? 'webm';
  const file = new File([Uint8Array.from(bytes)], `speech.${ending}`, { type: mediaType });
  const ask = (options: SdkOptions) =>
    client.audio.transcriptions.create({ model: ref.model, file }, options).asResponse();
  const text = await sdk.read(ask, ref, signal);
  try {
    return Transcription.parse(JSON.parse(text)).text;
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref, detail: 'not a transcription', cause });
  }
}
