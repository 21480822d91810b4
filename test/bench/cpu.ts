import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Role and process; the tree under a process counts as its own. */
export type Roles = Readonly<Record<string, number>>;
/** Microseconds of CPU, user and kernel, by role. */
export type CpuTimes = Readonly<Record<string, number>>;

/** Only Linux tells what a process and its children have used. */
export const cpuIsMeasured = process.platform === 'linux';

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Its own, and that of children that have ended. */
  readonly ticks: number;
}

let tickMicros: number | undefined;

export function readCpu(roles: Roles): CpuTimes {
  if (!cpuIsMeasured) return {};
  const stats = readStats();
  return Object.fromEntries(
    Object.entries(roles).map(([role, pid]) => [role, treeTicks(stats, pid) * ticksToMicros()]),
  );
}

function ticksToMicros(): number {
  tickMicros ??= 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return tickMicros;
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return Object.fromEntries(Object.entries(after).map(([role, used]) => [role, used - (before[role] ?? 0)]));
}

/** Microseconds in which any of the machine's cores was busy. */
export function readMachine(): number {
  const line = read('/proc/stat')?.split('\n', 1)[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) * ticksToMicros();
}

/**
 * Bytes of a process and of all below it, where a page that several share counts as a part for each: their sum is what the machine
 * has given them.
 */
export function readShare(root: number): number {
  return [...treeOf(readStats(), root)].reduce((sum, pid) => {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
    return sum + Number(kilobytes ?? 0) * 1_024;
  }, 0);
}

/** Bytes of a process that are in memory. */
export function readMemory(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kilobytes) * 1_024;
}

/** The parent of a process, and what it is called; undefined when it is not on this machine. */
export function parentOf(pid: number): { readonly pid: number; readonly name: string } | undefined {
  const parent = cpuIsMeasured ? readStat(pid)?.parent : undefined;
  return parent === undefined ? undefined : { pid: parent, name: nameOf(parent) };
}

export const nameOf = (pid: number): string => read(`/proc/${pid}/comm`)?.trim() ?? '';

function treeTicks(stats: readonly Stat[], root: number): number {
  const tree = treeOf(stats, root);
  return stats.reduce((sum, { pid, ticks }) => (tree.has(pid) ? sum + ticks : sum), 0);
}

function treeOf(stats: readonly Stat[], root: number): ReadonlySet<number> {
  const tree = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of stats) {
      if (!tree.has(parent) || tree.has(pid)) continue;
      tree.add(pid);
      grown = true;
    }
  }
  return tree;
}

function readStats(): Stat[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => readStat(pid) ?? []);
}

/** See proc(5): the name, field 2, may hold spaces and parentheses. */
function readStat(pid: number): Stat | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number): number => fields[number - 3] ?? 0;
  return { pid, parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // ended meanwhile
  }
}
