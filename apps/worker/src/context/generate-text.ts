import { type GenerateRequest, type GenerateResult, userText } from '#chatkit';
import { generate, type LanguageModel } from '#providers';
import { othersFirst } from '../output/pace.js';
import { bookedCall, type Booking } from '../accounting/booked-call.js';

export type Generate = (request: GenerateRequest) => Promise<GenerateResult>;

/** Model calls by an assistant's own code; `resolve` maps a name, or none, to the model that answers. */
export function generator(
  resolve: (name: string | undefined) => LanguageModel,
  signal: AbortSignal,
  booking: Booking,
): Generate {
  return async ({ model: name, instructions, prompt, settings, providerOptions }) => {
    const model = resolve(name);
    const messages = typeof prompt === 'string' ? [userText(prompt)] : prompt;
    const system = instructions === undefined ? [] : [{ role: 'system' as const, content: instructions }];
    const call = {
      prompt: [...system, ...messages],
      ...(settings && { settings }),
      ...(providerOptions && { providerOptions }),
    };
    // Code that was left behind may ask again and again.
    if (signal.aborted) await othersFirst();
    const { text, reasoning } = await generate(model, bookedCall(call, booking), signal);
    return { text, reasoning };
  };
}
