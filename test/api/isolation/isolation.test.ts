import { beforeAll, describe, expect, it } from 'vitest';
import { ChatKitRequest } from '../../../libs/chatkit/src/protocol/request.js';
import { engineKinds } from '../../support/engines.js';
import { useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ask } from '../auth/ask.js';
import { ADMIN_TOKEN, type Person, populate, TENANT_HEADER, tracesOf } from './people.js';
import { type Route, routeTable } from './route-table.js';
import { type Entry, GROUPS, REQUESTS, ROUTES } from './walk.js';

const folder = temporaryFolder('relay-isolation-');
/** What a refusal of something that does not exist may be; 404 for all that names an id. */
const REFUSALS = [404];

const WALLS = engineKinds.flatMap((engine) => [
  [engine, 'without', 'false'] as const,
  [engine, 'with', 'true'] as const,
]);

describe.each(WALLS)(
  'two tenants with two users of the same names on the %s engine, %s row-level security',
  (...wall) => {
    const [engine, , ROW_LEVEL_SECURITY] = wall;
    const relay = useRelay(engine, () => ({
      variables: {
        AUTH_MODE: 'trustedHeader, apiKey, session',
        AUTH_TENANT_HEADER: TENANT_HEADER,
        ADMIN_TOKEN,
        DATA_DIR: folder,
        ROW_LEVEL_SECURITY,
      },
    }));
    let people: Person[];
    let routes: Route[];
    beforeAll(async () => {
      [people, routes] = await Promise.all([populate(relay), routeTable(relay)]);
    }, 180_000);

    it('every route and every request is in the walk', () => {
      const keys = routes
        .filter(({ method }) => method !== 'HEAD')
        .filter(({ url, access }) => !GROUPS.some((group) => url.startsWith(group.under) && access === group.access))
        .map(({ method, url }) => `${method} ${url}`);
      expect(keys.length).toBeGreaterThan(20);
      expect([...new Set(keys)].toSorted()).toEqual(Object.keys(ROUTES).toSorted());
      expect(Object.keys(REQUESTS).toSorted()).toEqual(
        ChatKitRequest.options.map(({ shape }) => shape.type.value).toSorted(),
      );
    });

    it('what is open is public, the same for all, or for administrators', async () => {
      for (const [kind, headers] of Object.entries(people[0]?.credentials ?? {})) {
        for (const { method, url, access } of routes.filter((route) => route.access === 'admin')) {
          const path = url.replace(/:\w+/g, 'x').replace('*', 'x');
          const { status } = await ask(relay.url, path, { method, headers });
          expect({ kind, method, path, access, status }).toEqual({ kind, method, path, access, status: 403 });
        }
      }
    });

    it.each(['trustedHeader', 'apiKey', 'session'])(
      'nobody who comes in by %s sees an id, a byte or a count of anybody else, nor changes anything of theirs',
      async (kind) => {
        const seen: unknown[] = [];
        let asked = 0;
        for (const asker of people) {
          for (const victim of people.filter((person) => person !== asker)) {
            for (const [route, entry] of Object.entries<Entry>(ROUTES)) {
              if (!('attempts' in entry)) continue;
              for (const { path, expect: wanted, ...request } of entry.attempts(victim)) {
                asked += 1;
                const sent = JSON.stringify(request.body ?? '') + path;
                const told = await ask(relay.url, path, {
                  ...request,
                  headers: { ...request.headers, ...asker.credentials[kind] },
                });
                const leaked = people
                  .filter((person) => person !== asker)
                  .flatMap(tracesOf)
                  // A refusal may repeat the id that it was asked for.
                  .filter((trace) => told.text.includes(trace) && !sent.includes(trace));
                const wrong = wanted
                  ? wanted(told, asker)
                  : REFUSALS.includes(told.status)
                    ? undefined
                    : `status ${told.status}`;
                if (leaked.length > 0 || wrong) {
                  const text = told.text.slice(0, 300);
                  seen.push({ asker: asker.name, victim: victim.name, route, sent, leaked, wrong, text });
                }
              }
            }
          }
        }
        expect(seen).toEqual([]);
        expect(asked).toBeGreaterThan(250);
      },
      120_000,
    );

    it('everybody still has everything that is theirs', async () => {
      for (const person of people) {
        const { headers, threadIds, attachmentId, mark } = person;
        for (const thread_id of threadIds) {
          const body = { type: 'threads.get_by_id', params: { thread_id } };
          const thread = await ask(relay.url, '/chatkit', { method: 'POST', headers, body });
          expect({ name: person.name, status: thread.status }).toEqual({ name: person.name, status: 200 });
          expect(thread.text).toContain(mark);
          expect(thread.text).not.toContain('taken over');
        }
        expect((await ask(relay.url, `/files/${attachmentId}`, { headers })).text).toBe(mark);
      }
      const runs = await relay.query<{ count: string }>('SELECT count(*) FROM runs');
      expect(Number(runs[0]?.count)).toBe(people.reduce((sum, { turns }) => sum + turns, 0));
      expect(await relay.query('SELECT 1 FROM feedback')).toEqual([]);
    });
  },
);
