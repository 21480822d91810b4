import { newId } from '#chatkit';
import { createThread, deltasOf, post, threadIdOf, type WireEvent } from '../../support/chat.js';
import type { Relay } from '../../support/relay.js';
import { USER_HEADER } from '../../support/relay.js';
import { ask } from '../auth/ask.js';

export const TENANT_HEADER = 'x-test-tenant';
export const ADMIN_TOKEN = 'test-admin-token-0123456789';

type HeaderFields = Readonly<Record<string, string>>;

/** One user of one tenant, and what belongs to them. */
export interface Person {
  readonly name: string;
  /** As a proxy names them. */
  readonly headers: HeaderFields;
  /** The same person by every kind of credential. */
  readonly credentials: Readonly<Record<string, HeaderFields>>;
  /** How many threads, each with one turn: a number that nobody else has. */
  readonly turns: number;
  /** In every text and name that is theirs. */
  readonly mark: string;
  readonly threadIds: readonly string[];
  readonly runIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly attachmentId: string;
}

/** The same names in both tenants. */
const WHO = [
  ['acme', 'ada'],
  ['acme', 'grace'],
  ['other', 'ada'],
  ['other', 'grace'],
] as const;

export async function populate(relay: Relay): Promise<Person[]> {
  const people: Person[] = [];
  for (const [index, [tenant, user]] of WHO.entries()) people.push(await settle(relay, tenant, user, index + 1));
  return people;
}

async function settle(relay: Relay, tenant: string, user: string, turns: number): Promise<Person> {
  const headers = { [USER_HEADER]: user, [TENANT_HEADER]: tenant };
  const credentials = await credentialsOf(relay, tenant, user);
  const mark = `mark-${newId('message')}`;
  const answers = [];
  for (let turn = 0; turn < turns; turn++) {
    answers.push(await post(relay.url, createThread(`${mark} (tokens=2)`), { headers }));
  }
  const file = await ask(relay.url, '/files', {
    method: 'POST',
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=b` },
    body: `--b\r\ncontent-disposition: form-data; name="file"; filename="${mark}.txt"\r\ncontent-type: text/plain\r\n\r\n${mark}\r\n--b--\r\n`,
  });
  return {
    name: `${user} of ${tenant}`,
    headers,
    credentials: { trustedHeader: headers, ...credentials },
    turns,
    mark,
    threadIds: answers.map(threadIdOf),
    runIds: answers.map(({ headers: received }) => String(received['chatkit-run-id'])),
    itemIds: answers.flatMap(({ events }) => itemIdsIn(events)),
    attachmentId: String(file.json['id']),
  };
}

const bearer = (token: string): HeaderFields => ({ authorization: `Bearer ${token}` });

/** A key of the tenant in the user's name, and a session that the key has made for them. */
async function credentialsOf({ url }: Relay, tenant: string, user: string): Promise<Person['credentials']> {
  const body = { name: 'walk', tenant, scopes: ['chat', 'sessions', 'users'] };
  const made = await ask(url, '/admin/api/keys', { method: 'POST', token: ADMIN_TOKEN, body });
  const key = String(made.json['key']);
  const session = await ask(url, '/sessions', { method: 'POST', token: key, body: { user, expires_in: 3600 } });
  return {
    apiKey: { ...bearer(key), 'chatkit-user': user },
    session: bearer(String(session.json['client_secret'])),
  };
}

const itemIdsIn = (events: readonly WireEvent[]): string[] => {
  if (deltasOf(events).length === 0) throw new Error('a turn was not answered');
  return events
    .filter(({ type }) => type === 'thread.item.done')
    .map((event) => (event['item'] as { readonly id: string }).id);
};

/** Everything by which a person's data can be recognised. */
export const tracesOf = ({ mark, threadIds, runIds, itemIds, attachmentId }: Person): string[] => [
  mark,
  ...threadIds,
  ...runIds,
  ...itemIds,
  attachmentId,
];
