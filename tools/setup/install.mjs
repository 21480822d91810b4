import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { run } from './run.mjs';

const PROBE_MS = 7_000;
const INSTALL_ARGS = [
  'ci',
  '--include=dev',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--fetch-retries=1',
  '--fetch-timeout=60000',
];
/** An HTTP error means that the registry can be reached (many do not support ping); any other failure means that it cannot. */
const ANSWERED = /\bcode E\d{3}\b/;

/**
 * Installs the dependencies unless node_modules holds what package-lock.json asks for.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function ensureInstalled(root, say) {
  if (isInstalled(root)) return;
  say('Installing dependencies (npm ci) …');
  const obstacle = await registryObstacle(root);
  if (!obstacle) return install(root, [], explainFailure);
  say('The npm registry does not answer: trying the npm cache …');
  await install(root, ['--offline'], () => explainOffline(obstacle));
}

/**
 * @param {string} root
 * @param {string[]} extra
 * @param {(output: string) => string} explain
 */
async function install(root, extra, explain) {
  const { code, output } = await npm(root, [...INSTALL_ARGS, ...extra]);
  if (code !== 0) throw new SetupError(explain(output));
}

/**
 * Contents are compared, not times: a checkout, a copy or a container layer may change times. Optional packages
 * may be missing (those of other platforms always are).
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted)
    throw new SetupError('package-lock.json is missing or damaged: restore it with `git checkout package-lock.json`.');
  if (!installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** @param {string} lockfile */
function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * With an unreachable registry npm may wait for minutes, so it is pinged first, with a short timeout.
 * @param {string} root
 */
async function registryObstacle(root) {
  const args = ['ping', '--fetch-retries=0', `--fetch-timeout=${PROBE_MS - 1_000}`];
  const { code, output, timedOut } = await npm(root, args, PROBE_MS);
  if (code === 0 || ANSWERED.test(output)) return undefined;
  return timedOut ? `no answer within ${PROBE_MS / 1_000} s` : reasonIn(output);
}

/**
 * The readable part of npm's error: the lines that are neither a code nor the path of its log.
 * @param {string} output
 */
function reasonIn(output) {
  const lines = [...output.matchAll(/^npm error (?!code|errno|A complete log)(.+)$/gm)].map(([, text]) => text.trim());
  return lines[0] ?? 'npm ping failed';
}

/**
 * @param {string} root
 * @param {string[]} args
 * @param {number} [timeoutMs]
 */
function npm(root, args, timeoutMs) {
  const script = process.env.npm_execpath;
  // Inside `npm start` the path of this npm is known; `node tools/start.mjs` uses the one on PATH.
  const isKnown = script?.endsWith('npm-cli.js');
  const command = isKnown ? process.execPath : 'npm';
  return run(command, script && isKnown ? [script, ...args] : args, { cwd: root, timeoutMs }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    throw new SetupError(
      'npm was not found. Install it (it comes with Node), or run `npm ci --include=dev` another way.',
    );
  });
}

/** @param {string} obstacle */
const explainOffline = (obstacle) =>
  [
    `The dependencies are not installed, and there is no network: the npm registry cannot be reached (${obstacle}).`,
    'Connect to the network (or set HTTPS_PROXY, or `npm config set registry …`) and run the command again.',
  ].join('\n');

/** @param {string} output */
const explainFailure = (output) => `Installing the dependencies failed (npm ci):\n${lastLines(output)}`;

/** @param {string} output */
const lastLines = (output) => output.trim().split('\n').slice(-12).join('\n');
