import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from '../support/chat.js';
import { type CommandResult, environment, startCommand, watched } from '../support/commands.js';

export const CHAT = 'apps/terminal/src/main.js';
const ENTRY = fileURLToPath(new URL(`../../dist/${CHAT}`, import.meta.url));

/** Why tests at a terminal do not run; empty when they do. */
export const terminalMissing =
  spawnSync('script', ['--version']).status === 0 ? '' : 'Tests at a terminal need `script` (Debian: bsdutils).';

/** The command without a terminal, with this standard input. */
export function runChat(args: readonly string[], stdin = ''): Promise<CommandResult> {
  const { child, ended } = startCommand(CHAT, args);
  child.stdin?.end(stdin);
  return ended;
}

/** The command at a terminal, with a person who reads and types. */
export class Terminal {
  readonly #command;
  #read = 0;

  constructor(...args: string[]) {
    const line = [process.execPath, ENTRY, ...args].map((part) => `'${part}'`).join(' ');
    const env = environment({ TERM: 'xterm', COLUMNS: '200' });
    this.#command = watched(spawn('script', ['-qefc', line, '/dev/null'], { env, stdio: 'pipe' }));
  }

  get ended(): Promise<CommandResult> {
    return this.#command.ended;
  }

  /** Waits until this appears, behind what was waited for before; returns what was written up to it. */
  async sees(text: string, within = 15_000): Promise<string> {
    const end = await until(`"${text}" at the terminal`, within, async () => {
      const found = this.#command.output().indexOf(text, this.#read);
      return found < 0 ? undefined : found + text.length;
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.#command.output().slice(this.#read)}`);
    });
    const written = this.#command.output().slice(this.#read, end);
    this.#read = end;
    return written;
  }

  type(keys: string): void {
    this.#command.child.stdin?.write(keys);
  }

  /** Types a line when it is asked for one. */
  async enter(line: string): Promise<void> {
    await this.sees('> ');
    this.type(`${line}\r`);
  }

  stop(): void {
    this.#command.child.kill('SIGKILL');
  }
}
