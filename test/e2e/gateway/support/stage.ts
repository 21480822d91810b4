import OpenAI from 'openai';
import type { EngineKind } from '../../../support/engines.js';
import { duringSuite } from '../../../support/during-suite.js';
import { type FakeProvider, startProvider } from '../../../support/provider.js';
import { type Relay, startRelay, USER_HEADER } from '../../../support/relay.js';
import { until } from '../../../support/chat.js';
import { type LocalServer, startLocalServer } from '#providers/testing';

/** The product, with the scripted provider as `openai` and a server of the test's own as `local`. */
export interface Stage {
  readonly relay: Relay;
  readonly provider: FakeProvider;
  readonly local: LocalServer;
  /** The official client, which does not try again by itself. */
  client(user?: string): OpenAI;
  /** The run of a call, once it is over. */
  settled(runId: string): Promise<RunRow>;
  stop(): Promise<void>;
}

export interface RunRow extends Record<string, unknown> {
  readonly state: string;
  readonly error_code: string | null;
  readonly thread_id: string | null;
  readonly request: unknown;
  readonly context: unknown;
  readonly attempt: number;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
}

export type LocalAnswer = Parameters<typeof startLocalServer>[0];

async function setStage(engine: EngineKind, answer: LocalAnswer, config: string): Promise<Stage> {
  const [provider, local] = await Promise.all([startProvider(), startLocalServer(answer)]);
  const relay = await startRelay(engine, {
    provider,
    variables: {
      TEST_URL: local.url,
      CHATKIT_CONFIG: new URL(`../${config}`, import.meta.url).pathname,
    },
  });
  return {
    relay,
    provider,
    local,
    client: (user = 'ada') =>
      new OpenAI({
        apiKey: 'not-looked-at',
        baseURL: `${relay.url}/v1`,
        maxRetries: 0,
        defaultHeaders: { [USER_HEADER]: user },
      }),
    settled: (runId) =>
      until('the run settles', 30_000, async () => {
        const [row] = await relay.query<RunRow>('SELECT * FROM runs WHERE id = $1', [runId]);
        return row && !['queued', 'working'].includes(row.state) && row;
      }),
    async stop() {
      await relay.stop();
      await Promise.all([provider.close(), local.close()]);
    },
  };
}

/** A stage for the tests of a suite. */
export const useStage = (...given: Parameters<typeof setStage>): Stage =>
  duringSuite(
    () => setStage(...given),
    (stage) => stage.stop(),
  );

/** `chatcmpl-…` as the id of its run. */
export const runIdOf = ({ id }: { readonly id: string }): string => id.replace('chatcmpl-', 'run_');
