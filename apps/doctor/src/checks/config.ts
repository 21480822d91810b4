import { loadAuthModule } from '../../../api/src/auth/strategies/operators-module.js';
import { loadModules } from '../../../worker/src/load-modules.js';
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
    const modules = [...(await workerFindings(worker)), ...(await authFindings(api))];
    if (modules.some(({ status }) => status === 'fail')) return [...modules, ...unknown];
    const ids = worker?.providers.map(({ id, kind }) => id ?? kind).join(', ');
    const facts = [configFile ?? 'no config file named', `auth ${api?.auth.modes.join(', ')}`, `providers ${ids}`];
    return [ok(`valid (${facts.join('; ')})`), ...unknown, ...modules];
  },
};

/** What a worker loads: assistants, providers and hooks. */
const workerFindings = (worker: Installation['worker']): Promise<Finding[]> =>
  whereLoaded('worker', async () => {
    if (!worker) return [];
    const { providers } = await loadModules(worker);
    return missingKeys(worker.providers, providers).map((problem) =>
      warn(problem, 'Set it: without it, the provider refuses every request.'),
    );
  });

const authFindings = (api: Installation['api']): Promise<Finding[]> =>
  whereLoaded('API', async () => {
    const { modes, module } = api?.auth ?? { modes: [], module: undefined };
    if (module !== undefined && modes.includes('module')) await loadAuthModule(module);
    return [];
  });

async function whereLoaded(process: string, load: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => fail(problem, `Correct it: the ${process} does not start with it.`));
  }
}
