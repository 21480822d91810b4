import { prompt, type Reply } from './ask/prompt.js';
import { type Desk, runCommand } from './commands.js';
import { oneLine } from './plain.js';
import { requestFailure } from './turn.js';

/** How a message goes on in the next line. */
const CONTINUED = '\\';
/** As of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** Until the person ends it; resolves with the exit code. */
export async function chatAtTerminal(desk: Desk): Promise<number> {
  const { conversation, connection, say } = desk;
  const onSignal = (): void => {
    if (!conversation.stop()) process.exit(INTERRUPTED);
  };
  process.on('SIGINT', onSignal);
  say(`${oneLine(connection.url)}  /help lists the commands; Ctrl-C stops an answer; press it twice to quit.`);
  try {
    for (;;) {
      const message = await readMessage(desk);
      if (message === 'interrupted') return INTERRUPTED;
      if (message === 'closed' || message.line === '/quit') return 0;
      if (message.line.trim() !== '') await carryOut(desk, message.line);
    }
  } finally {
    process.off('SIGINT', onSignal);
  }
}

async function carryOut(desk: Desk, line: string): Promise<void> {
  try {
    await (line.startsWith('/') ? runCommand(desk, line) : desk.conversation.send(line));
  } catch (error) {
    desk.say(requestFailure(error));
  }
}

/** One message, in one or several lines; or how the person has left. */
async function readMessage({ say }: Desk): Promise<Reply> {
  let message = '';
  let wasInterrupted = false;
  for (;;) {
    const reply = await prompt(message === '' ? '> ' : '… ');
    if (reply === 'closed') return reply;
    if (reply === 'interrupted') {
      if (wasInterrupted) return reply;
      say('\nPress Ctrl-C again to quit.');
      [wasInterrupted, message] = [true, ''];
      continue;
    }
    if (!reply.line.endsWith(CONTINUED)) return { line: message + reply.line };
    message += `${reply.line.slice(0, -1)}\n`;
  }
}
