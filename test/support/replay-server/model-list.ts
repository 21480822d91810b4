import type { Recording } from '../recordings/recording.js';
import type { Exchange } from './journal.js';
import type { Route } from './routes.js';

const CREATED = '2026-01-01T00:00:00Z';

/** The recordings as the models of a wire, in its words; undefined for a path that is no list. */
export function modelList(
  { path, wire }: Route,
  { url, request }: Exchange,
  recordings: readonly Recording[],
): unknown {
  const names = (of: (recording: Recording) => boolean) => recordings.filter(of).map(({ id }) => `fixture:${id}`);
  const speaking = (format: string) => names((recording) => recording.format === format);
  if (path.endsWith('/api/tags')) {
    return { models: speaking('ollama-chat').map((name) => ({ name, model: name, modified_at: CREATED, size: 1 })) };
  }
  if (!path.endsWith('/models')) return undefined;
  if (wire === 'cohere-v2-chat' || url.searchParams.has('endpoint') || url.searchParams.has('page_size')) {
    return { models: speaking('cohere-v2-chat').map((name) => ({ name, endpoints: ['chat'] })), next_page_token: null };
  }
  if (wire === 'anthropic-messages' || request.headers['anthropic-version'] !== undefined) {
    const data = speaking('anthropic-messages').map((id) => ({
      type: 'model',
      id,
      display_name: id,
      created_at: CREATED,
    }));
    return { data, has_more: false, first_id: data[0]?.id, last_id: data.at(-1)?.id };
  }
  const ids = wire === undefined ? speaking('openai-chat') : names((recording) => recording.wire === wire);
  return {
    object: 'list',
    data: ids.map((id) => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'replay' })),
  };
}
