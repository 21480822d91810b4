import { TRICKLE_PAUSE_MS, TRICKLE_PIECES } from '../../../api/src/health/buffering-probe.js';
import type { Check } from '../check.js';
import { fail, type Finding, ok, reasonOf, warn } from '../finding.js';
import { ask, nameOf } from '../server/ask.js';
import type { Server } from '../server/server.js';

const UNBUFFER =
  'Turn off response buffering for this server in the proxy (nginx: proxy_buffering off; docs/deploy.md shows more).';

/** A slow stream through the address of browsers: do its events arrive when they are sent, or all at the end? */
export const stream: Check<Server> = {
  name: 'stream',
  async run({ publicUrl }) {
    try {
      const response = await ask(`${publicUrl}/health/trickle`, { headers: { accept: 'text/event-stream' } });
      if (!response.ok) {
        const fix = 'Let PUBLIC_URL, and the proxy there, lead to the API.';
        return [fail(`${publicUrl} does not lead to the server: HTTP ${response.status} of ${nameOf(response)}`, fix)];
      }
      return [pace(publicUrl, nameOf(response), await arrivals(response)), ...encodingOf(response)];
    } catch (error) {
      const fix = 'Correct PUBLIC_URL, or let this machine reach it.';
      return [fail(`${publicUrl} cannot be reached from here: ${reasonOf(error)}`, fix)];
    }
  },
};

/** When pieces of the body arrived, in milliseconds from the first one; what arrives together is one. */
async function arrivals({ body }: Response): Promise<number[]> {
  const times: number[] = [];
  const start = performance.now();
  for await (const _ of body ?? []) {
    const now = performance.now() - start;
    if (times.length === 0 || now - times.at(-1)! > TRICKLE_PAUSE_MS / 2) times.push(now);
  }
  return times.map((time) => Math.round(time - times[0]!));
}

function pace(url: string, name: string, times: readonly number[]): Finding {
  const at = times.map((time) => `${time} ms`).join(', ');
  if (times.length >= TRICKLE_PIECES) return ok(`events through ${url} arrive when they are sent (at ${at})`);
  return fail(
    `${TRICKLE_PIECES} events that are sent ${TRICKLE_PAUSE_MS} ms apart arrive through ${url} in ${times.length} (at ${at}): ` +
      `a proxy (${name}) holds answers back until they are complete.`,
    UNBUFFER,
  );
}

function encodingOf({ headers }: Response): Finding[] {
  const encoding = headers.get('content-encoding');
  const fix = 'Leave text/event-stream out of the compression of the proxy.';
  return encoding ? [warn(`a proxy compresses streams (${encoding}), which may delay them`, fix)] : [];
}
