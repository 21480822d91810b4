import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allMetrics, type DefinedMetric } from './support/all-metrics.js';
import { isCi } from './support/machine.js';
import { metricTable } from './support/metric-table.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const OPERATIONS = read('docs/operations.md');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
}
interface Case {
  readonly name: string;
}
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const rules = (parse(read('deploy/observability/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const { panels } = JSON.parse(read('deploy/observability/dashboard.json')) as { panels: Panel[] };

const metrics = new Map(allMetrics().map((metric) => [metric.name, metric]));
/** Prometheus' own. */
const UP: DefinedMetric = { name: 'up', type: 'gauge', labels: [], help: '', of: 'both' };
/** Added to every sample by the scrape. */
const OF_SCRAPES = ['job', 'instance'];

/** The metric that has samples of this name. */
function metricOf(sample: string): DefinedMetric | undefined {
  const exact = metrics.get(sample);
  if (exact && exact.type !== 'histogram') return exact;
  const histogram = metrics.get(sample.replace(/_(bucket|sum|count)$/, ''));
  return histogram?.type === 'histogram' && histogram.name !== sample ? histogram : undefined;
}

const SELECTOR = /\b((?:chatkit_relay|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g;
const GROUPING = /\b(?:by|without) \(([^)]*)\)/g;
const namesIn = (text: string): string[] => text.split(',').flatMap((part) => /^\s*(\w+)/.exec(part)?.[1] ?? []);

interface Selected {
  readonly name: string;
  readonly metric: DefinedMetric | undefined;
}

const labelsOf = ({ name, metric }: Selected): string[] => [
  ...OF_SCRAPES,
  ...(metric?.labels ?? []),
  ...(name.endsWith('_bucket') ? ['le'] : []),
];

/** What is asked for and does not exist: metrics, and labels of none of the metrics of the expression. */
function unknownIn(expr: string): string[] {
  const selected = [...expr.matchAll(SELECTOR)].map(([, name = '', matchers = '']) => ({
    name,
    matchers,
    metric: name === 'up' ? UP : metricOf(name),
  }));
  const everyLabel = selected.flatMap(labelsOf);
  return [
    ...(selected.length === 0 ? [`no metric in ${expr}`] : []),
    ...selected.filter(({ metric }) => !metric).map(({ name }) => name),
    ...selected.flatMap((one) => namesIn(one.matchers).filter((label) => !labelsOf(one).includes(label))),
    ...[...expr.matchAll(GROUPING)].flatMap(([, names = '']) =>
      namesIn(names).filter((label) => !everyLabel.includes(label)),
    ),
  ];
}

const promtool = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: root, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
};
const isMissing = spawnSync('promtool', ['--version']).status !== 0;

describe('promtool', () => {
  it('is there where a machine promises it (CI=true)', () => {
    expect(isCi && isMissing ? 'promtool is missing (Debian: apt-get install prometheus)' : '').toBe('');
  });

  it.skipIf(isMissing)('accepts the rules and the configuration', () => {
    expect(promtool('check', 'rules', 'deploy/observability/alerts.yml')).toMatchObject({ status: 0 });
    expect(promtool('check', 'config', 'deploy/observability/prometheus.yml')).toMatchObject({ status: 0 });
    // Its rules are where the compose file mounts them.
    const composed = read('deploy/compose/prometheus.yml').replace(
      '/etc/prometheus/',
      join(root, 'deploy/observability/'),
    );
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    try {
      writeFileSync(join(folder, 'prometheus.yml'), composed);
      expect(promtool('check', 'config', join(folder, 'prometheus.yml'))).toMatchObject({ status: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(isMissing)('sees each alert fire by its cause, and none without', () => {
    expect(promtool('test', 'rules', 'deploy/observability/alerts.test.yml')).toMatchObject({ status: 0 });
    const { tests } = parse(read('deploy/observability/alerts.test.yml')) as { tests: Case[] };
    expect(tests.map(({ name }) => name).toSorted()).toEqual(
      rules.flatMap(({ alert }) => [`${alert} fires`, `${alert} is silent`]).toSorted(),
    );
  });
});

describe('the metrics', () => {
  it('follow the conventions of Prometheus', () => {
    const own = [...metrics.values()].filter(({ name }) => name.startsWith('chatkit_relay_'));
    expect(own.length).toBeGreaterThan(30);
    const wrong = own.filter(
      ({ name, type, help }) =>
        (type === 'counter') !== name.endsWith('_total') || !help.endsWith('.') || /[A-Z]/.test(name),
    );
    expect(wrong).toEqual([]);
    const times = own.filter(({ name, type }) => type === 'histogram' && !/_(seconds|per_second)$/.test(name));
    expect(times).toEqual([]);
  });

  it('have no label that names people, conversations or requests', () => {
    const labels = new Set([...metrics.values()].flatMap((metric) => metric.labels));
    const known = [
      'attempt',
      'code',
      'direction',
      'engine',
      'kind',
      'method',
      'model',
      'outcome',
      'provider',
      'route',
      'scope',
    ];
    // The last ones are of the process itself.
    const all = [...known, 'state', 'status', 'store', 'what', 'major', 'minor', 'patch', 'space', 'type', 'version'];
    expect([...labels].filter((label) => !all.includes(label))).toEqual([]);
  });

  it('stand in docs/operations.md as the code defines them', () => {
    expect(OPERATIONS).toContain(metricTable([...metrics.values()]));
  });
});

describe('the alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s asks for what exists, and has a runbook', (_, rule) => {
    expect(unknownIn(rule.expr)).toEqual([]);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations.runbook).toBe(`docs/operations.md#${rule.alert.toLowerCase()}`);
    const [, section = ''] = OPERATIONS.split(`\n#### ${rule.alert}\n`);
    // What it means, and what to do.
    expect(section.split('\n#')[0]?.length).toBeGreaterThan(150);
  });

  it('are all there are runbooks for', () => {
    const described = [...OPERATIONS.matchAll(/^#### (ChatKitRelay\w+)$/gm)].map(([, name]) => name);
    expect(described).toEqual(rules.map(({ alert }) => alert));
  });
});

describe('the dashboard', () => {
  const shown = panels.filter(({ type }) => type !== 'row');

  it.each(shown.map((panel) => [panel.title, panel] as const))(
    '%s asks for what exists',
    (_, { targets, description }) => {
      expect(targets?.length).toBeGreaterThan(0);
      expect(description).toMatch(/\.$/);
      expect(targets?.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
    },
  );

  it('shows every metric of the product', () => {
    const asked = new Set(
      shown.flatMap(({ targets = [] }) =>
        targets.flatMap(({ expr }) => [...expr.matchAll(SELECTOR)].map(([, name = '']) => metricOf(name)?.name)),
      ),
    );
    // What a check of a provider took tells nothing that its requests do not.
    const left = [...metrics.keys()].filter((name) => name.startsWith('chatkit_relay_') && !asked.has(name));
    expect(left).toEqual(['chatkit_relay_provider_check_seconds']);
  });
});
