import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Variable, VARIABLES } from '#runtime';
import { type ComposeFile, loadCompose } from './support/compose.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { services } = loadCompose(root);

describe('deploy/compose/secrets.yml', () => {
  const SECRETS = parse(readFileSync(join(root, 'deploy/compose/secrets.yml'), 'utf8'), {
    merge: true,
  }) as ComposeFile & {
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  };
  const registry: Readonly<Record<string, Variable>> = VARIABLES;

  /** Redis reads its file itself. */
  const withFiles = Object.entries(SECRETS.services).filter(([name]) => name !== 'redis');

  it.each(withFiles)('gives the %s files in place of the values that it would have', (name, service) => {
    const given = { ...services[name]?.environment, ...service.environment };
    const files = Object.entries(given).filter(([, value]) => value.startsWith('/run/secrets/'));
    expect(files.length).toBeGreaterThan(0);
    for (const [variable, file] of files) {
      const value = variable.replace(/_FILE$/, '');
      // Two sources of one secret stop the start.
      expect([value, given[value]]).toEqual([value, '']);
      expect(service.secrets?.map((secret) => `/run/secrets/${secret}`)).toContain(file);
      expect([value, value.startsWith('POSTGRES_') || registry[value]?.isSecret]).toEqual([value, true]);
    }
  });

  it('knows every secret that a service asks for', () => {
    const asked = Object.values(SECRETS.services).flatMap((service) => service.secrets ?? []);
    expect([...new Set(asked)].toSorted()).toEqual(Object.keys(SECRETS.secrets).toSorted());
  });

  it('leaves no password of the compose file in any service', () => {
    for (const [name, service] of Object.entries(services)) {
      const given = { ...service.environment, ...SECRETS.services[name]?.environment };
      const left = Object.entries(given).filter(
        ([variable, value]) => value.includes('local-only') && !/GRAFANA|GF_/.test(variable),
      );
      expect([name, left]).toEqual([name, []]);
    }
  });

  it('takes its files from where the documentation makes them', () => {
    const [, made = ''] =
      /for name in ([a-z_ ]+); do openssl rand/.exec(readFileSync(join(root, 'docs/deploy.md'), 'utf8')) ?? [];
    expect(Object.entries(SECRETS.secrets)).toEqual(
      Object.keys(SECRETS.secrets).map((secret) => [secret, { file: `./secrets/${secret}` }]),
    );
    expect(made.split(' ').toSorted()).toEqual(Object.keys(SECRETS.secrets).toSorted());
  });
});
