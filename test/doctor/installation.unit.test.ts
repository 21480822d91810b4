import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config } from '../../apps/doctor/src/checks/config.js';
import { readInstallation } from '../../apps/doctor/src/config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder('doctor-config-');
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('the installation that the doctor looks at', () => {
  it('has its secrets in files, as the processes read them', () => {
    const read = readInstallation({
      DATABASE_URL_FILE: file('database', 'postgresql://relay@db:5432/relay\n'),
      DATABASE_PASSWORD_FILE: file('password', 'p@ss/word\n'),
      REDIS_URL: 'redis://redis:6379',
      REDIS_PASSWORD_FILE: file('redis', 'of-redis\n'),
      ADMIN_TOKEN_FILE: file('token', 'an-administrator-token-0123456789\n'),
    });
    expect(read.problems).toEqual([]);
    expect(read.databaseUrl).toBe('postgresql://relay:p%40ss%2Fword@db:5432/relay');
    expect(read.directDatabaseUrl).toBe(read.databaseUrl);
    expect(read.redis).toMatchObject({ url: 'redis://:of-redis@redis:6379' });
    expect(read.secrets).toEqual(
      expect.arrayContaining(['p@ss/word', 'of-redis', 'an-administrator-token-0123456789']),
    );
  });

  it('says once what cannot be read', () => {
    const { problems, databaseUrl } = readInstallation({ DATABASE_URL_FILE: join(folder, 'none') });
    expect(problems.filter((problem) => problem.startsWith('DATABASE_URL_FILE'))).toEqual([
      `DATABASE_URL_FILE: ${join(folder, 'none')} cannot be read (ENOENT)`,
    ]);
    expect(databaseUrl).toBeUndefined();
  });
});

describe('the check of the configuration', () => {
  it('names variables that nothing reads, also where a provider cannot be loaded', async () => {
    const path = file('relay.yaml', 'providers:\n  - { kind: module, id: own, module: ./nowhere.js }\n');
    const findings = await config.run(readInstallation({ CHATKIT_CONFIG: path, WORKER_CONCURENCY: '4' }));
    expect(findings.map(({ status, message }) => [status, message])).toEqual([
      ['fail', expect.stringContaining('nowhere.js')],
      ['warn', expect.stringContaining('WORKER_CONCURENCY')],
    ]);
  });
});
