import type { Closers } from './closers.js';
import type { Roles } from './cpu.js';
import type { LoadMakers } from './load.js';
import type { Options } from './options.js';
import { PeerMissing } from './peers/install.js';
import { seatsOf } from './plan.js';
import { starter, startLoadMakers } from './processes.js';
import { type Instance, OPEN } from './variants.js';

/** Everything that takes part, running. */
export interface Stage extends LoadMakers {
  readonly instances: readonly Instance[];
  /** One line for each variant that cannot be had here. */
  readonly skipped: readonly string[];
  /** The processes of the bench itself. */
  readonly ownRoles: Roles;
  /** Engines, by name and version. */
  readonly storeNames: readonly string[];
}

/** Starts every process; they stay for the whole bench, idle while it is not their turn. */
export async function openStage(root: string, scratch: string, options: Options, closers: Closers): Promise<Stage> {
  const start = starter(scratch, closers);
  const { client, provider } = await startLoadMakers(root, start);
  const storeNames = new Set<string>();
  const place = { root, scratch, options, providerUrl: provider.url, start, closers, storeNames };
  const instances: Instance[] = [];
  const skipped: string[] = [];
  for (const seat of seatsOf(options.variants)) {
    const name = seat.isControl ? `${seat.variant}-control` : seat.variant;
    try {
      instances.push({ ...seat, ...(await OPEN[seat.variant](place, name)) });
    } catch (error) {
      if (!(error instanceof PeerMissing)) throw error;
      skipped.push(`SKIPPED: ${name} ${error.message}`);
    }
  }
  return {
    client,
    provider,
    instances,
    skipped,
    ownRoles: { client: client.pid, provider: provider.pid },
    storeNames: [...storeNames],
  };
}
