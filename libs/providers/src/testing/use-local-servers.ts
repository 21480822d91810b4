import type { ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { type LocalServer, type SeenRequest, startLocalServer } from './local-server.js';

/** For a test file or a suite: starts servers, and closes them after each test. What `answer` returns is waited for, and ignored. */
export function useLocalServers() {
  const servers: LocalServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return async (answer: (response: ServerResponse, request: SeenRequest) => unknown): Promise<LocalServer> => {
    const server = await startLocalServer(async (response, request) => void (await answer(response, request)));
    servers.push(server);
    return server;
  };
}
