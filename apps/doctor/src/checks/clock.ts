import type { Check } from '../check.js';
import { fail, type Finding, ok, warn } from '../finding.js';
import type { Installation } from '../installation.js';
import { withPostgres } from '../engines/with-postgres.js';
import { withRedis } from '../engines/with-redis.js';

/** Tokens and links that have just been made must not seem to be from the future. */
const NOTICEABLE_MS = 2_000;
const HARMFUL_MS = 30_000;

/** This machine's clock against those of the engines. Runs go by the database's; tokens and certificates by this one. */
export const clock: Check<Installation> = {
  name: 'clock',
  async run(installation) {
    const postgres = await withPostgres(installation, async (client) => {
      const asked = Date.now();
      const { rows } = await client.query<{ ms: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
      return [finding('Postgres', Number(rows[0]?.ms), asked)];
    });
    const redis = await withRedis(installation, async (client) => {
      const asked = Date.now();
      const [seconds, microseconds] = await client.time();
      return [finding('Redis', Number(seconds) * 1_000 + Number(microseconds) / 1_000, asked)];
    });
    return [...postgres, ...redis];
  },
};

function finding(engine: string, theirs: number, asked: number): Finding {
  const here = (asked + Date.now()) / 2;
  const off = Math.round(theirs - here);
  const said = `${engine}'s clock is ${Math.abs(off)} ms ${off < 0 ? 'behind' : 'ahead of'} this machine's`;
  const fix = 'Let NTP set the clocks of all machines (timedatectl set-ntp true).';
  if (Math.abs(off) >= HARMFUL_MS) return fail(said, fix);
  return Math.abs(off) >= NOTICEABLE_MS ? warn(said, fix) : ok(said);
}
