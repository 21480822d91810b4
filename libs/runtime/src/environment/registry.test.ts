import { describe, expect, it } from 'vitest';
import { secretsIn } from '../platform/log-secrets.js';
import { environmentSchema, VARIABLE_GROUPS, variableNames, VARIABLES } from './registry.js';
import type { Variable } from './variable.js';

const entries: (readonly [string, Variable])[] = Object.entries(VARIABLES);

describe('the registry of variables', () => {
  it.each(entries.filter(([, { example }]) => example !== ''))(
    'the example of %s is a value that it takes',
    (_, one) => {
      expect(one.schema.safeParse(one.example).error?.issues).toBeUndefined();
    },
  );

  it.each(entries.filter(([, { isSecret }]) => isSecret))(
    'no log line holds %s, or the password in it',
    (name, one) => {
      const secret = URL.canParse(one.example) ? new URL(one.example).password : one.example.split('=').at(-1);
      expect(secret).toBeTruthy();
      expect(secretsIn({ [name]: one.example })).toContain(secret);
    },
  );

  it('each variable is in one group of the documents, and described by one sentence', () => {
    const grouped = VARIABLE_GROUPS.flatMap(([, group]) => Object.keys(group));
    expect(grouped.toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
    for (const [name, { description }] of entries)
      expect([name, description]).toEqual([name, expect.not.stringMatching(/\.$/)]);
  });

  it('a process reads its own, a second name included, and no others', () => {
    const worker = Object.keys(environmentSchema('worker').shape);
    expect(worker).toEqual(expect.arrayContaining(variableNames('worker')));
    expect(worker).toContain('https_proxy');
    expect(worker).not.toContain('PORT');
    expect(Object.keys(environmentSchema('api').shape)).not.toContain('WORKER_CONCURRENCY');
  });
});
