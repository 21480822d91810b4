// oxlint-disable node/no-process-env -- where the engine is stands in its environment
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '../support/chat.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What a command needs that is not the product's: the engine, and where its client finds it. */
const FROM_HERE = ['PATH', 'HOME', 'DOCKER_HOST', 'DOCKER_CONFIG'];

/** As tools/containers/run.sh makes them: those of the compose file itself may be in a developer's use. */
export const IMAGES = { RELAY_IMAGE: 'chatkit-relay:test', RELAY_MIGRATE_IMAGE: 'chatkit-relay-migrate:test' };

/** docker-compose.yml of this checkout, as a project of its own: `docker compose` with these variables, from the project's folder. */
export class ComposeProject {
  readonly url: string;
  readonly #env: Record<string, string>;

  constructor(
    readonly name: string,
    port: number,
    variables: Readonly<Record<string, string>>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    const here = FROM_HERE.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]]));
    // What a developer has in `.env` is not part of the test: compose reads it for the file, and gives it to containers.
    const own = {
      COMPOSE_DISABLE_ENV_FILE: '1',
      COMPOSE_FILE: 'docker-compose.yml:test/containers/without-env.yml',
      COMPOSE_PROJECT_NAME: name,
      PUBLISH: `127.0.0.1:${port}`,
    };
    this.#env = { ...(Object.fromEntries(here) as Record<string, string>), ...IMAGES, ...own, ...variables };
  }

  /** Variables from now on. */
  set(variables: Readonly<Record<string, string>>): void {
    Object.assign(this.#env, variables);
  }

  /** Throws with what it printed if its exit code is not 0. */
  async compose(...args: readonly string[]): Promise<string> {
    return this.#run('docker', ['compose', ...args]);
  }

  async docker(...args: readonly string[]): Promise<string> {
    return this.#run('docker', args);
  }

  /** As it stands in the documents, redirections included. */
  async shell(command: string): Promise<string> {
    return this.#run('bash', ['-c', `set -euo pipefail; ${command}`]);
  }

  /** An image that begins with another one. */
  async derive(image: string, from: string, lines: readonly string[]): Promise<void> {
    const dockerfile = [`FROM ${from}`, ...lines].join('\n');
    await this.shell(`docker build -q -t ${image} - <<'END'\n${dockerfile}\nEND`);
  }

  async ids(service: string): Promise<string[]> {
    return (await this.compose('ps', '-q', service)).split('\n').filter(Boolean).toSorted();
  }

  sql(statement: string): Promise<string> {
    return this.compose('exec', '-T', 'postgres', 'psql', '-U', 'chatkit', '-At', '-c', statement);
  }

  /** The container of the worker that writes the newest answer. */
  async writer(): Promise<string> {
    let found: string | undefined;
    await until('a worker writes the answer', 30_000, async () => {
      const id = await this.sql(`select worker_id from runs where state = 'working' order by created_at desc limit 1`);
      for (const container of id === '' ? [] : await this.ids('worker')) {
        if ((await this.docker('logs', container)).includes(`"workerId":"${id}"`)) found = container;
      }
      return found !== undefined;
    });
    return found ?? '';
  }

  async #run(file: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run(file, args, { cwd: root, env: this.#env, maxBuffer: 1 << 26 });
    return stdout.trim();
  }
}
