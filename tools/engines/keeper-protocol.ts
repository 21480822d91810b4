import type { ServerCommand } from './server-process.js';

/** What the launcher asks of the keeper. */
export type KeeperOrder =
  | { type: 'start'; postgres?: PostgresOrder; redis?: RedisOrder; removeAfterwards?: string[] }
  /** An app was started: if the launcher dies, the engines stay until the app is gone. */
  | { type: 'app'; pid: number }
  | { type: 'stop' };

export interface PostgresOrder {
  command: ServerCommand;
  cluster: string;
}

export interface RedisOrder {
  command: ServerCommand;
  port: number;
  password: string;
}

/** What the keeper answers. */
export type KeeperReport =
  | { type: 'started'; pids: number[] }
  | { type: 'failed'; message: string }
  | { type: 'died'; engine: string; logFile: string };
