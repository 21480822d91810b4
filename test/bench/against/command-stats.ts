/** Calls by command, as `INFO commandstats` has them: those within scripts as well. Our own `info` is left out. */
export function commandCalls(info: string): Record<string, number> {
  const lines = info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  return Object.fromEntries(
    [...lines].map(([, name, calls]) => [name ?? '', Number(calls)]).filter(([name]) => name !== 'info'),
  );
}
