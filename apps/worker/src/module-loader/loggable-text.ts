import { type Message, withoutContent } from '#providers';
import { thrownMessage, thrownText } from './thrown-text.js';

/**
 * What an author's code has thrown, as a text for the log: without what it quotes of the conversation, and without what
 * `JSON.parse` quotes of its input.
 */
export const loggableText = (thrown: unknown, said: readonly Message[]): string => safe(thrownText(thrown), said);

/** The same of an error without its name. */
export const loggableMessage = (thrown: unknown, said: readonly Message[]): string => safe(thrownMessage(thrown), said);

const safe = (text: string, said: readonly Message[]): string =>
  withoutContent(text.replace(QUOTED_INPUT, '[content] is not valid JSON'), said);

/** By V8: `"the whole of a short text" is not valid JSON`, or with dots where it leaves out what is before or behind. */
const QUOTED_INPUT = /(?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON/gs;
