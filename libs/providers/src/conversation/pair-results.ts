import type { Message, ToolResultPart } from '../spec/prompt.js';
import { type Answer, type AnswerPart, callsOf, type Entry, isVisible } from './entries.js';
import { looseResult, NO_OUTPUT, NO_RESULT } from './notes.js';

/**
 * The prompt with each result at its call, wherever it stood. A call without a result gets one that says so; a result without a
 * call is told in the user's messages, or goes when there is nothing in it.
 */
export function pairResults(prompt: readonly Message[]): Entry[] {
  const open: OpenAnswer[] = [];
  const entries: (Exclude<Entry, Answer> | OpenAnswer)[] = [];
  let group = 0;
  for (const [index, message] of prompt.entries()) {
    if (message.role === 'assistant') {
      if (prompt[index - 1]?.role !== 'assistant') group += 1;
      const answer = new OpenAnswer(message.content, group);
      open.push(answer);
      entries.push(answer);
    } else if (message.role !== 'tool') entries.push(message);
    else {
      const loose = message.content.filter((result) => !placeOf(open, result.callId)?.take(result));
      entries.push(...loose.filter(({ output }) => isVisible(output)).map(looseResult));
    }
  }
  return entries.map((entry) => (entry instanceof OpenAnswer ? entry.close() : entry));
}

/** Ids may come again in later answers: the newest messages in a row that wait for this one, and the first of them. */
function placeOf(open: readonly OpenAnswer[], callId: string): OpenAnswer | undefined {
  const newest = open.findLast((answer) => answer.awaits(callId));
  return open.find((answer) => answer.group === newest?.group && answer.awaits(callId));
}

/** An answer while its results are gathered. `group`: the messages in a row that it is one of. */
class OpenAnswer {
  readonly #results = new Map<number, ToolResultPart>();
  readonly #answer: Answer;

  constructor(
    content: readonly AnswerPart[],
    readonly group: number,
  ) {
    this.#answer = { role: 'assistant', content, results: [] };
  }

  awaits(callId: string): boolean {
    return this.#indexOf(callId) >= 0;
  }

  take(result: ToolResultPart): true {
    this.#results.set(this.#indexOf(result.callId), result);
    return true;
  }

  close(): Answer {
    const results = callsOf(this.#answer).map(({ callId, name }, index): ToolResultPart => {
      const output = this.#results.get(index)?.output ?? NO_RESULT;
      return { type: 'tool-result', callId, name, output: isVisible(output) ? output : NO_OUTPUT };
    });
    return { ...this.#answer, results };
  }

  /** Calls with the same id (or none) are answered in their order. */
  #indexOf(callId: string): number {
    return callsOf(this.#answer).findIndex((call, index) => call.callId === callId && !this.#results.has(index));
  }
}
