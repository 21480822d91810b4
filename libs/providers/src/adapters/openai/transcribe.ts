import type { OpenAI } from 'openai';
import * as z from 'zod';
import type { ModelRef } from '../../spec/model-ref.js';
import type { Speech, Transcript } from '../../spec/provider.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { SdkOptions, SdkTransport } from '../../sdk/sdk-transport.js';

const count = z.number().min(0);
/** Models of the `transcribe` kind count tokens, Whisper counts seconds; other servers count nothing. */
const Transcription = z.object({
  text: z.string(),
  usage: z
    .union([
      z.object({ type: z.literal('tokens'), input_tokens: count, output_tokens: count }),
      z.object({ type: z.literal('duration'), seconds: count }),
    ])
    .optional()
    .catch(undefined),
});

/** Speech to text (https://platform.openai.com/docs/api-reference/audio/createTranscription). */
export async function transcribe(
  { client, sdk }: { readonly client: OpenAI; readonly sdk: SdkTransport },
  ref: ModelRef,
  { bytes, mediaType }: Speech,
  signal: AbortSignal,
): Promise<Transcript> {
  // The server takes the format from the name's extension: `audio/webm` is `.webm`.
  const ending = mediaType.split('/')[1] ?? 'webm';
  const file = new File([Uint8Array.from(bytes)], `speech.${ending}`, { type: mediaType });
  const ask = (options: SdkOptions) =>
    client.audio.transcriptions.create({ model: ref.model, file }, options).asResponse();
  const text = await sdk.read(ask, ref, signal);
  try {
    return toTranscript(Transcription.parse(JSON.parse(text)));
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref, detail: 'not a transcription', cause });
  }
}

function toTranscript({ text, usage }: z.output<typeof Transcription>): Transcript {
  if (usage === undefined) return { text };
  if (usage.type === 'duration') return { text, seconds: usage.seconds };
  return { text, usage: { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens } };
}
