import type { Check } from '../check.js';
import { fail, type Finding, ok } from '../finding.js';
import { ask } from '../server/ask.js';
import type { Server } from '../server/server.js';

/** What ChatKit clients and our fetch add to their requests. */
const ASKED = ['content-type', 'authorization', 'chatkit-relay-client', 'idempotency-key', 'last-event-id'];

/** What a browser asks before a page of another origin may send a message. */
export const cors: Check<Server> = {
  name: 'cors',
  run: ({ publicUrl, origins }) => Promise.all(origins.map((origin) => findingOf(publicUrl, origin))),
};

async function findingOf(url: string, origin: string): Promise<Finding> {
  if (new URL(url).origin === origin) return ok(`${origin} is the server's own origin`);
  const { headers } = await ask(`${url}/chatkit`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': ASKED.join(','),
    },
  });
  const allowed = headers.get('access-control-allow-origin');
  if (allowed !== origin && allowed !== '*') {
    const fix = `Add it to CORS_ORIGINS of the API: CORS_ORIGINS=${origin}`;
    return fail(`pages of ${origin} may not call ${url}`, fix);
  }
  const names = headers.get('access-control-allow-headers')?.toLowerCase().split(/,\s*/) ?? [];
  const missing = names.includes('*') ? [] : ASKED.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const fix = 'Let the proxy pass preflight requests (OPTIONS) to the API, which allows them.';
    return fail(`pages of ${origin} may call ${url}, but not send ${missing.join(', ')}`, fix);
  }
  return ok(`pages of ${origin} may call ${url}`);
}
