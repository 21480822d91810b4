import { createProviders } from '../../../libs/providers/src/config.js';
import { AnswerFold, type GenerateResult } from '../../../libs/providers/src/spec/generate.js';
import type { LanguageModel } from '../../../libs/providers/src/spec/language-model.js';
import { ProviderError } from '../../../libs/providers/src/spec/provider-error.js';
import type { StreamPart } from '../../../libs/providers/src/spec/stream-part.js';
import { noAbort, say } from '../../../libs/providers/src/testing/prompts.js';
import type { Recording } from './recording.js';
import type { Player } from './wires.js';

/** What came of a call: its parts, and the error in which they ended, if they did. */
export interface Outcome {
  readonly parts: readonly StreamPart[];
  /** The parts as one answer, as far as they go. */
  readonly answer: GenerateResult;
  readonly error: ProviderError | undefined;
}

/** Plays a recording to the adapter that must understand it. @throws what is no ProviderError */
export async function play(url: string, recording: Recording, player: Player, knobs = ''): Promise<Outcome> {
  // Whole answers are played although a stream is asked for: a server that ignores `stream`.
  const query = recording.encoding === 'json' ? `force=1&${knobs}` : knobs;
  const { config, model } = player.at(`${url}/${recording.wire}`, `${recording.id}?${query}`);
  return outcomeOf(createProviders([config])[0]!.model(model));
}

async function outcomeOf(model: LanguageModel): Promise<Outcome> {
  const parts: StreamPart[] = [];
  let error: ProviderError | undefined;
  try {
    for await (const part of model.stream(say('hello'), noAbort())) parts.push(part);
  } catch (reason) {
    if (!(reason instanceof ProviderError)) throw reason;
    error = reason;
  }
  return { parts, answer: folded(parts, model), error };
}

function folded(parts: readonly StreamPart[], { ref }: LanguageModel): GenerateResult {
  const fold = new AnswerFold();
  for (const part of parts) fold.add(part);
  // Broken off: what there is counts all the same.
  if (!fold.isComplete) fold.add({ type: 'finish', reason: { unified: 'other', raw: null } });
  return fold.result(ref);
}
