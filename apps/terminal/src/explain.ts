import type { ChatClient } from '../../web/src/protocol/client.js';
import { plain } from './plain.js';
import type { TurnResult } from './turn.js';

/** Why a turn has failed and what to do about it, as far as this caller is told. Other servers know no runs. */
export async function explain(client: ChatClient, { error, threadId, runId }: TurnResult): Promise<string> {
  const said = plain(error ?? '');
  if (threadId === undefined || runId === undefined) return said;
  const runs = await client.listRuns(threadId, { limit: 5 }).catch(() => []);
  const failure = runs.find(({ id }) => id === runId)?.failure;
  const lines = [failure?.cause, failure?.fix].filter((line) => line !== undefined && !said.includes(line));
  return [said, ...lines.map((line) => plain(line ?? ''))].join('\n');
}
