import { randomBytes } from 'node:crypto';

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
/** 128 bits at 5 bits per digit. */
const DIGITS = 26;

/**
 * Creates a function that generates ids: 48 bits of time and 80 random bits [ID-1] [ID-2]. Time comes first so that new rows
 * land next to each other in an index.
 */
export function idMaker(now: () => number = Date.now, random: (bytes: number) => Buffer = randomBytes) {
  let last = -1n;
  return (kind: IdKind): string => {
    const fresh = (BigInt(now()) << BigInt(RANDOM_BITS)) | BigInt(`0x${random(RANDOM_BITS / 8).toString('hex')}`);
    // Several in one millisecond, or a clock that was set back: still ascending.
    last = fresh > last ? fresh : last + 1n;
    return `${prefixes[kind]}_${last.toString(32).padStart(DIGITS, '0')}`;
  };
}

/** A new id, unique everywhere and above every earlier one of its kind in this process [ID-1]. */
export const newId = idMaker();
