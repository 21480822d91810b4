import type { ToolResultPart, UserMessage } from '../spec/prompt.js';
import { type Answer, callsOf, isVisible, said } from './entries.js';

// What a conversation says in the user's messages, where a server does not take it in another form. The model must see that
// these are not the user's words.

/** Stands for the result of a call that has none: the turn was stopped, or failed. */
export const NO_RESULT = '(no result: the call was stopped, or its result was lost)';

/** Stands for the output of a tool that had nothing to say, which several servers refuse. */
export const NO_OUTPUT = '(no output)';

/** Stands for a message of the user in which there is nothing to be seen. */
export const NO_MESSAGE = '(no message)';

const textOf = ({ content }: Answer): string =>
  content
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n\n')
    .trim();

const note = (heading: string, tag: string, text: string): string => `${heading}\n<${tag}>\n${text}\n</${tag}>`;

/** What the assistant said and did before the user's first message, as far as there is anything to tell. */
export function earlierAnswer(answer: Answer): UserMessage[] {
  const text = textOf(answer);
  const told = isVisible(text)
    ? [said(note('The assistant began this conversation with:', 'EarlierAnswer', text))]
    : [];
  return [...told, ...toolRound(answer)];
}

/** What the assistant has said by itself, when the model is about to go on. */
export function alreadySaid(answers: readonly Answer[]): UserMessage {
  const heading = 'The assistant has shown this to the user already. Continue after it, and do not repeat it:';
  return said(note(heading, 'AlreadySaid', answers.map(textOf).filter(isVisible).join('\n\n')));
}

/** The calls of an answer and their results. */
export function toolRound(answer: Answer): UserMessage[] {
  const rounds = callsOf(answer).map(({ name, arguments: args }, index) => {
    const call = note(`The assistant called the tool ${name}:`, 'ToolCall', args);
    return `${call}\n${note('Its result:', 'ToolResult', answer.results[index]?.output ?? NO_RESULT)}`;
  });
  return rounds.length > 0 ? [said(rounds.join('\n\n'))] : [];
}

/** A result whose call is not in the conversation. */
export function looseResult({ name, output }: ToolResultPart): UserMessage {
  const tool = isVisible(name) ? `The tool ${name}` : 'A tool';
  return said(note(`${tool} that the assistant had called answered:`, 'ToolResult', output));
}
