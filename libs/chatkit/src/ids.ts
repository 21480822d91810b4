import { randomFillSync } from 'node:crypto';

// Widgets, images and forms count as messages [ID-2].
const prefixes = {
  thread: 'thr',
  message: 'msg',
  tool_call: 'tc',
  workflow: 'wf',
  task: 'tsk',
  attachment: 'atc',
  stop_marker: 'shcx',
  run: 'run',
} as const;

/** What an id is for. */
export type IdKind = keyof typeof prefixes;

const RANDOM_BITS = 80;
/** 128 bits at 5 bits per digit: the time has the first ten of them. */
const DIGITS = 26;
const TIME_DIGITS = DIGITS - RANDOM_BITS / 5;

const idOf = (kind: IdKind, value: bigint): string => `${prefixes[kind]}_${value.toString(32).padStart(DIGITS, '0')}`;

/** Taken from the system at once: a system call for each id would cost more than the rest of it. */
const RANDOM_POOL_BYTES = 4_000;

function pooledRandom(): (bytes: number) => Buffer {
  const pool = Buffer.alloc(RANDOM_POOL_BYTES);
  let used = RANDOM_POOL_BYTES;
  return (bytes) => {
    if (used + bytes > RANDOM_POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
}

/**
 * Creates a function that generates ids: 48 bits of time and 80 random bits [ID-1] [ID-2]. Time comes first so that new rows
 * land next to each other in an index.
 */
export function idMaker(now: () => number = Date.now, random: (bytes: number) => Buffer = pooledRandom()) {
  let last = -1n;
  return (kind: IdKind): string => {
    const fresh = (BigInt(now()) << BigInt(RANDOM_BITS)) | BigInt(`0x${random(RANDOM_BITS / 8).toString('hex')}`);
    // Several in one millisecond, or a clock that was set back: still ascending.
    last = fresh > last ? fresh : last + 1n;
    return idOf(kind, last);
  };
}

/** A new id, unique everywhere and above every earlier one of its kind in this process [ID-1]. */
export const newId = idMaker();

/** The lowest id that something of this moment may have; all ids that are made before it are lower, in the order of every language. */
export const firstIdAt = (kind: IdKind, time: Date): string =>
  idOf(kind, BigInt(Math.max(0, time.getTime())) << BigInt(RANDOM_BITS));

/** When an id was made. */
export const timeOfId = (id: string): Date =>
  new Date(Number.parseInt(id.slice(id.indexOf('_') + 1).slice(0, TIME_DIGITS), 32));
