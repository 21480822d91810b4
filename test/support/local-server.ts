import { type LocalServer, startLocalServer } from '#providers/testing';
import { duringSuite } from './during-suite.js';

/** A server of the test's own for the tests of a suite. */
export const useLocalServer = (answer: Parameters<typeof startLocalServer>[0]): LocalServer =>
  duringSuite(
    () => startLocalServer(answer),
    (server) => server.close(),
  );
