import { loadProviders } from '../../../worker/src/providers/load-providers.js';
import { missingKeys } from '#providers';
import { ConfigError } from '#runtime';
import type { Check } from '../check.js';
import { fail, type Finding, ok, warn } from '../finding.js';
import type { Installation } from '../installation.js';

/** The settings of both processes, read by the code that they start with. */
export const config: Check<Installation> = {
  name: 'config',
  async run({ problems, warnings, configFile, api, worker }) {
    const unknown = warnings.map((warning) => warn(warning, 'Correct its name, or remove it (docs/configuration.md).'));
    if (problems.length > 0) {
      const wrong = problems.map((problem) => fail(problem, 'Correct it: the processes do not start with it.'));
      return [...wrong, ...unknown];
    }
    const providers = await providerFindings(worker);
    if (providers.some(({ status }) => status === 'fail')) return [...providers, ...unknown];
    const ids = worker?.providers.map(({ id, kind }) => id ?? kind).join(', ');
    const facts = [configFile ?? 'no config file named', `auth ${api?.auth.modes.join(', ')}`, `providers ${ids}`];
    return [ok(`valid (${facts.join('; ')})`), ...unknown, ...providers];
  },
};

async function providerFindings(worker: Installation['worker']): Promise<Finding[]> {
  if (!worker) return [];
  try {
    const providers = await loadProviders(worker.providers, worker);
    return missingKeys(worker.providers, providers).map((problem) =>
      warn(problem, 'Set it: without it, the provider refuses every request.'),
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => fail(problem, 'Correct it: the worker does not start with it.'));
  }
}
