import { createInterface } from 'node:readline';

/** What a person has done at a prompt. `interrupted`: Ctrl-C; `closed`: Ctrl-D, or the input has ended. */
export type Reply = { readonly line: string } | 'interrupted' | 'closed';

/** Lines that were typed, for the arrow keys. */
const typed: string[] = [];

/**
 * Asks for one line. The terminal is given back between two questions, so that Ctrl-C is a signal while an answer is
 * written.
 */
export function prompt(question: string): Promise<Reply> {
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: [...typed],
    historySize: 200,
  });
  return new Promise((resolve) => {
    const end = (reply: Reply): void => {
      // The first reply counts; `close` comes after each.
      resolve(reply);
      terminal.close();
    };
    terminal.once('SIGINT', () => end('interrupted'));
    terminal.once('close', () => resolve('closed'));
    terminal.question(question, (line) => {
      if (line.trim() !== '') typed.unshift(line);
      end({ line });
    });
  });
}
