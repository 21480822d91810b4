import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LauncherError } from '../../tools/engines/launcher-error.js';
import { SERIES, type Series } from './growth/plan.js';
import {
  AGAINST_PLANS,
  ALL_VARIANTS,
  COMPARED,
  type Plan,
  PLANS,
  type Scenario,
  SCENARIOS,
  type Variant,
  VARIANTS,
} from './plan.js';

export type EngineKind = 'redis' | 'postgres';

export interface Options {
  readonly quick: boolean;
  /** Another checkout, built, that this one is compared with instead of with `direct` and `inline`. */
  readonly against: string | undefined;
  /** Only compare counted work with its limits; of the other checkout, where `against` names one. */
  readonly guard: boolean;
  /** Only draw this report. */
  readonly draw: string | undefined;
  /** Only measure how cost grows with this. */
  readonly growth: Series | undefined;
  /** With `guard`: list what a turn consists of. */
  readonly parts: boolean;
  /** Variables of the other side only. */
  readonly set: Readonly<Record<string, string>>;
  readonly plan: Plan;
  /** What carries the product's queue, run log and bus. */
  readonly engine: EngineKind;
  /** The JSON report. */
  readonly out: string;
  readonly variants: readonly Variant[];
  readonly scenarios: readonly Scenario[];
  /** Folder for CPU profiles of API, worker and `inline`; written when they end. */
  readonly profile: string | undefined;
}

const SCENARIO_NAMES = SCENARIOS.map((scenario) => scenario.name);

/** In `light` a machine is idle most of the time, and a difference drowns in that. */
const COMPARED_BY_DEFAULT = 'firehose,rapid';

export const USAGE = `npm run bench -- [options]
  --quick              3 short rounds, about 8 minutes; with --against 5, about 9 minutes
  --against <folder>   compare this build with that of another checkout, in time and in counted work
  --guard              count the work of a turn and of a token, and fail when a limit is exceeded; about half a minute.
                       --parts lists the commands and statements; with --against it counts the other checkout
  --growth streams|threads|items
                       how cost grows with open streams, with threads in the database, and with items in a thread
  --draw <report.json>  only draw the CPU of a turn, as a report has it: an SVG, the file that --out names
  --set <NAME>=<value>  with --against: a setting of the other side; with --against . this build is compared with itself,
                       with and without it. May be given several times; no value unsets. Requests carry the header
                       x-bench-user and a token signed with the key in test/bench/messages.ts
  --peers              beside them a BullMQ server as people write it (naive), chatkit-node-backend-sdk (npm) and
                       the official Python server (python); the last two are installed below node_modules/.cache, and are left
                       out when that fails
  --engine redis|postgres
                       what carries the product's queue, run log and bus (redis)
  --rounds <n>  --slot-ms <n>
                       more or longer rounds than the plan has
  --only <variant>[,<variant>]
                       ${ALL_VARIANTS.join(', ')}
  --scenario <name>[,<name>]
                       ${SCENARIO_NAMES.join(', ')} (all; with --against
                       ${COMPARED.join(', ')}, of these ${COMPARED_BY_DEFAULT})
  --profile <folder>   write CPU profiles there
  --out <file>         the JSON report (a file in the system's folder for temporary files)`;

/** Throws a LauncherError that says what is wrong with the command line. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      against: { type: 'string' },
      guard: { type: 'boolean', default: false },
      growth: { type: 'string' },
      draw: { type: 'string' },
      parts: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
      engine: { type: 'string', default: 'redis' },
      rounds: { type: 'string' },
      'slot-ms': { type: 'string' },
      peers: { type: 'boolean', default: false },
      only: { type: 'string' },
      scenario: { type: 'string' },
      profile: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { against } = values;
  if (against !== undefined && (values.only !== undefined || values.peers))
    throw new LauncherError('--only and --peers choose baselines: --against has none.');
  if (values.guard && values.engine !== 'redis')
    throw new LauncherError('--guard has limits for --engine redis alone.');
  if (against === undefined && values.set.length > 0) throw new LauncherError('--set needs --against.');
  const plan = (against === undefined ? PLANS : AGAINST_PLANS)[values.quick ? 'quick' : 'full'];
  const scenarios: readonly Scenario['name'][] =
    against === undefined
      ? some(SCENARIO_NAMES, values.scenario)
      : some(COMPARED, values.scenario ?? COMPARED_BY_DEFAULT);
  return {
    quick: values.quick,
    against,
    guard: values.guard,
    draw: values.draw,
    growth: values.growth === undefined ? undefined : oneOf(SERIES, values.growth),
    parts: values.parts,
    set: Object.fromEntries(values.set.map(settingOf)),
    plan: { ...plan, rounds: count(values.rounds, plan.rounds), slotMs: count(values['slot-ms'], plan.slotMs) },
    engine: oneOf(['redis', 'postgres'], values.engine),
    variants: values.only ? some(ALL_VARIANTS, values.only) : values.peers ? ALL_VARIANTS : VARIANTS,
    scenarios: SCENARIOS.filter((scenario) => scenarios.includes(scenario.name)),
    profile: values.profile,
    out: values.out ?? join(tmpdir(), `chatkit-relay-bench-${values.engine}-${Date.now()}.json`),
  };
}

function settingOf(text: string): [string, string] {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new LauncherError(`--set ${text} is not NAME=value.`);
  return [name, value];
}

const some = <T extends string>(known: readonly T[], given: string | undefined): readonly T[] =>
  given ? given.split(',').map((name) => oneOf(known, name)) : known;

function oneOf<T extends string>(known: readonly T[], given: string): T {
  const found = known.find((name) => name === given);
  if (found) return found;
  throw new LauncherError(`"${given}" is none of ${known.join(', ')}.`);
}

function count(given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new LauncherError(`"${given}" is not a positive whole number.`);
}
