import type { AssistantContext, UserMessageItem } from '#chatkit';
import type { TitleConfig } from '#runtime';
import { unlessAborted } from '#providers';
import type { Assistant } from '../assistants/assistant.js';
import { authorFailure } from '../module-loader/author-frames.js';
import { loggableText } from '../module-loader/loggable-text.js';
import { cutAt, firstWords } from './first-words.js';

/** A title that the model has not made by then is made from the message itself. */
const DEADLINE_MS = 30_000;
const MAX_LENGTH = 80;
/** Characters of the message that the model gets. */
const MAX_PROMPT = 2000;
const INSTRUCTIONS = [
  'Write a title for the conversation that begins with the message of the user: at most six words, in the language of',
  'the message, without quotes and without a full stop. Answer with the title alone.',
].join(' ');

export interface TitleDeps {
  readonly config: TitleConfig;
  /** Whether there is a model that can make titles; the demo cannot. */
  readonly hasModel: (name: string | undefined) => boolean;
}

/** The title of a thread, from its first message; undefined when there is to be none. Never rejects. */
export async function makeTitle(
  { config, hasModel }: TitleDeps,
  { definition }: Assistant,
  ctx: AssistantContext,
  message: UserMessageItem,
): Promise<string | undefined> {
  const text = message.content.map((part) => part.text).join('');
  if (definition.title === false || text.trim() === '') return undefined;
  try {
    if (definition.title) return clean((await unlessAborted(ctx.signal, definition.title(ctx, message))) ?? '');
    if (config === false) return undefined;
    const model = config.model ?? (typeof definition.model === 'string' ? definition.model : undefined);
    if (config.fromMessage || !hasModel(model)) return firstWords(text, MAX_LENGTH);
    const answer = await ctx.generate({ model, instructions: INSTRUCTIONS, prompt: cutAt(text, MAX_PROMPT) });
    return clean(answer.text) ?? firstWords(text, MAX_LENGTH);
  } catch (error) {
    const said = [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }];
    ctx.log.warn('no title from the model', { error: loggableText(error, said), ...authorFailure(error) });
    return firstWords(text, MAX_LENGTH);
  }
}

/** For how long a title's model call may go on. */
export const titleSignal = (): AbortSignal => AbortSignal.timeout(DEADLINE_MS);

/** Models like quotes, and some explain themselves on a second line. */
function clean(answer: string): string | undefined {
  const [line = ''] = answer.trim().split('\n');
  const title = line.replaceAll(/^["'“”„«»*#\s]+|["'“”„«»*\s.]+$/g, '');
  return title === '' ? undefined : firstWords(title, MAX_LENGTH);
}
