import { count } from './format.js';
import type { InUse } from './types.js';

interface UseMeterProps extends InUse {
  /** How numbers are written. */
  readonly write?: (value: number) => string;
}

/** What is used, of how much. */
export function UseMeter({ used, allowed, write = count }: UseMeterProps) {
  if (allowed === null) return write(used);
  const words = `${write(used)} of ${write(allowed)}`;
  return (
    <>
      {words}
      <meter min={0} max={allowed} high={allowed * 0.8} value={used} aria-label={words} />
    </>
  );
}
