// `npm run chat`: a terminal client for any ChatKit server.
import { text } from 'node:stream/consumers';
import { runCommand } from './commands.js';
import { localUrl, shellLanguage, wantsColours } from './config.js';
import { connect } from './connect.js';
import { Conversation } from './conversation.js';
import { chatAtTerminal } from './interactive.js';
import { chatOnce } from './once.js';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { requestFailure, STOP_WITHIN_MS } from './turn.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    say(USAGE);
    return 0;
  }
  const isConversation =
    options.message === undefined &&
    options.answer === undefined &&
    !options.retry &&
    !options.json &&
    process.stdin.isTTY &&
    process.stdout.isTTY;
  return isConversation ? atTerminal(options) : once(options);
}

async function atTerminal(options: Options): Promise<number> {
  const { url = localUrl(), headers, threadId, model, attach, language = shellLanguage() } = options;
  const chosen = { assistant: options.assistant };
  const connection = await connect({ url, headers, language, assistant: () => chosen.assistant });
  const isDrawn = wantsColours();
  const conversation = new Conversation(connection, {
    write: (part) => void process.stdout.write(part),
    note: say,
    isShared: true,
    isDrawn,
  });
  conversation.model = model;
  const desk = Object.assign(chosen, { connection, conversation, say, threads: [] });
  const commands = [
    ...(threadId === undefined ? [] : [`/open ${threadId}`]),
    ...attach.map((path) => `/attach ${path}`),
  ];
  for (const command of commands) await runCommand(desk, command);
  return chatAtTerminal(desk);
}

/** The first Ctrl-C is the stop button, the second one ends. */
async function once(options: Options): Promise<number> {
  const { url = localUrl(), headers, assistant, language = shellLanguage() } = options;
  const isAnswer = options.answer !== undefined || options.retry;
  const message = options.message ?? (isAnswer ? '' : (await text(process.stdin)).trim());
  const abort = new AbortController();
  process.on('SIGINT', () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
    setTimeout(() => process.exit(130), STOP_WITHIN_MS).unref();
  });
  // `npm run -s chat -- … | head`: whoever read has closed the pipe, and an error without a listener would end this with a stack.
  process.stdout.on('error', () => abort.abort());
  const connection = await connect({ url, headers, language, assistant: () => assistant });
  return chatOnce(connection, { ...options, message }, abort.signal);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${isUsage ? `${error.message}\n\n${USAGE}` : requestFailure(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
