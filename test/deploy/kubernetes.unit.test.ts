import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { variableNames } from '#runtime';
import { allMetrics } from './support/all-metrics.js';
import { isCi } from './support/machine.js';

const folder = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url));
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const EXAMPLES = readdirSync(join(folder, 'examples'));
/** Of the schemas: the oldest version that the chart allows, and a newer one. */
const KUBERNETES = [/^kubeVersion: '>=(\d+\.\d+)\./m.exec(read('chatkit-relay/Chart.yaml'))?.[1] ?? '', '1.34'];
const VALUES = parse(read('chatkit-relay/values.yaml')) as Values;

type Values = { readonly [name: string]: unknown };
interface Container {
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: object;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
}
interface Pod {
  readonly containers: readonly Container[];
  readonly securityContext: { readonly runAsNonRoot: boolean };
  readonly terminationGracePeriodSeconds?: number;
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly template?: { readonly spec: Pod };
    readonly triggers?: readonly { readonly metadata: { readonly query: string } }[];
  };
}

const manifestsOf = (example: string): Manifest[] =>
  parseAllDocuments(read(`rendered/${example}`)).map((document) => document.toJS() as Manifest);
const podsOf = (example: string) =>
  manifestsOf(example).flatMap(({ kind, spec }) => (spec?.template ? [{ kind, pod: spec.template.spec }] : []));
const isMap = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** What the table shows in one row, although it has parts. */
const WHOLE = /^(api|worker|migration)\.resources$/;
const LONG = new Set(['ingress.annotations', 'podSecurityContext']);

/** Each value by its path, with its default. */
function leavesOf(values: Values, prefix = ''): [string, unknown][] {
  return Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
    const path = `${prefix}${name}`;
    const isLeaf = !isMap(value) || WHOLE.test(path) || LONG.has(path);
    return isLeaf ? [[path, value]] : leavesOf(value, `${path}.`);
  });
}

describe('the values of the chart', () => {
  it('are all in the table of its README, with their defaults', () => {
    const rows = [...read('README.md').matchAll(/^\| `([\w.]+)` +\| (.+?) +\|/gm)];
    const shown = rows.map(([, path = '', byDefault = '']) => {
      const code = /^`(.*)`$/.exec(byDefault)?.[1];
      return [path, code === undefined ? 'long' : parse(code)];
    });
    expect(shown).toEqual(leavesOf(VALUES).map(([path, value]) => [path, LONG.has(path) ? 'long' : value]));
  });

  const validate = new Ajv({ strict: false }).compile(JSON.parse(read('chatkit-relay/values.schema.json')) as object);
  const given = { existingSecret: 'relay', auth: { mode: 'jwt' }, uploads: { where: 'bucket' } };

  it.each(EXAMPLES)('of the example %s are ones', (example) => {
    validate(parse(read(`examples/${example}`)));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['none', VALUES],
    ['without a place for files', { ...given, uploads: { where: '' } }],
    ['with a name that is none', { ...given, workers: {} }],
    ['with a misspelled one inside', { ...given, api: { replica: 3 } }],
    ['with no way to scale', { ...given, worker: { autoscaling: { by: 'queue' } } }],
  ])('are refused: %s', (_, values) => {
    expect(validate(given)).toBe(true);
    expect(validate(values)).toBe(false);
  });
});

describe('the manifests', () => {
  it('are made of the chart as it is ("npm run kubernetes")', () => {
    for (const line of read('rendered/sources.sha256').trim().split('\n')) {
      const [sum, path = ''] = line.split('  ');
      const actual = createHash('sha256')
        .update(readFileSync(join(folder, '../..', path)))
        .digest('hex');
      expect({ path, sum: actual }).toEqual({ path, sum });
    }
    const sources = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && /kubernetes\/(chatkit-relay|examples)/.test(entry.parentPath),
    );
    expect(read('rendered/sources.sha256').trim().split('\n')).toHaveLength(sources.length);
  });

  const validator = spawnSync('kubernetes-validate', ['--version'], { encoding: 'utf8' });
  const missing = validator.error ? 'kubernetes-validate is not on the PATH (pip install kubernetes-validate)' : '';

  it('have their validator where a machine promises it (CI=true)', () => {
    expect(isCi ? missing : '').toBe('');
  });

  it.runIf(!missing).each(KUBERNETES)(
    `are valid by the strict schemas of %s (${missing || 'not skipped'})`,
    { timeout: 60_000 },
    (version) => {
      const paths = EXAMPLES.map((example) => join(folder, 'rendered', example));
      const { stdout, stderr } = spawnSync('kubernetes-validate', ['--strict', '-k', version, ...paths], {
        encoding: 'utf8',
      });
      const lines = `${stdout}${stderr}`.trim().split('\n');
      const passed = lines.filter((line) => line.startsWith('INFO'));
      // KEDA's own kind is checked by `npm run kubernetes -- --check`.
      const others = lines.filter((line) => !line.startsWith('INFO') && !line.includes('keda.sh/v1alpha1'));
      const all = EXAMPLES.flatMap(manifestsOf).filter(({ kind }) => kind !== 'ScaledObject');
      expect({ others, passed: passed.length }).toEqual({ others: [], passed: all.length });
    },
  );

  describe.each(EXAMPLES)('of %s', (example) => {
    it('give processes the time that they were promised, and more to end', () => {
      const pods = podsOf(example).filter(({ kind }) => kind === 'Deployment');
      expect(pods).toHaveLength(2);
      for (const { pod } of pods) {
        const [container] = pod.containers;
        const grace = Number(container?.env?.find(({ name }) => name === 'SHUTDOWN_GRACE_SECONDS')?.value);
        const drain = container?.lifecycle?.preStop.sleep.seconds ?? 0;
        expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(grace + drain + 10);
      }
    });

    it('set variables that the product knows', () => {
      const known = variableNames('api', 'worker');
      const names = podsOf(example).flatMap(({ pod }) =>
        pod.containers.flatMap(({ env = [] }) => env.map(({ name }) => name)),
      );
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !known.includes(name))).toEqual([]);
    });

    it('run as nobody in particular, on a root that is not written', () => {
      for (const { pod } of podsOf(example)) {
        expect(pod.securityContext.runAsNonRoot).toBe(true);
        for (const { securityContext } of pod.containers) {
          expect(securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
        }
      }
    });
  });

  it('scale by metrics that there are', () => {
    const queries = EXAMPLES.flatMap(manifestsOf)
      .flatMap(({ spec }) => spec?.triggers ?? [])
      .map(({ metadata }) => metadata.query);
    const asked = queries.flatMap((query) => [...query.matchAll(/chatkit_relay_\w+/g)].map(([name]) => name));
    const known = allMetrics().flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`] : [name]));
    expect(asked).toHaveLength(3);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });
});
