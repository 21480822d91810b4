import { expect, it } from 'vitest';
import { packageRoot, type RequestLimits } from '#runtime';
import { ACCEPTED_FILES } from './accepted-files.js';
import { cacheControl, pageConfig } from './page-config.js';
import { serverVersion } from './server-version.js';

const facts = {
  version: '1.2.3',
  isSingleUser: true,
  modes: ['none'] as const,
  domainKey: undefined,
  uploadStrategy: { type: 'two_phase' } as const,
  maxBytes: 1,
  limits: {} as RequestLimits,
  catalogue: undefined,
  isServed: true,
};

it('is not ready without a catalogue, nor once the last worker is gone', () => {
  const catalogue = { assistants: [], defaultAssistant: 'main' };
  expect(pageConfig(facts).ready).toBe(false);
  expect(pageConfig({ ...facts, catalogue }).ready).toBe(true);
  expect(pageConfig({ ...facts, catalogue, isServed: false }).ready).toBe(false);
});

it('says that the person is the operator only where nobody is asked who they are', () => {
  expect(pageConfig(facts)).toMatchObject({ local: true, auth: { required: false, modes: ['none'] }, domainKey: null });
  const { local, auth } = pageConfig({ ...facts, isSingleUser: false, modes: ['jwt'] });
  expect({ local, auth }).toEqual({ local: false, auth: { required: true, modes: ['jwt'] } });
});

it('names each extension once', () => {
  const extensions = Object.values(ACCEPTED_FILES).flat();
  expect(extensions.filter((one, index) => extensions.indexOf(one) !== index)).toEqual([]);
});

it('has the version of the manifest, wherever it is built to', () => {
  expect(serverVersion()).toMatch(/^\d+\.\d+\.\d+/);
  expect(() => packageRoot('/')).toThrow(/package\.json/);
});

it('is kept by browsers alone, and by nobody where it is of one request or of the moment', () => {
  expect(cacheControl({ isReady: true, isOfRequest: false })).toBe('private, max-age=10');
  expect(cacheControl({ isReady: true, isOfRequest: true })).toBe('no-store');
  expect(cacheControl({ isReady: false, isOfRequest: false })).toBe('no-store');
});
