import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/**
 * @typedef {{ cwd: string, env?: NodeJS.ProcessEnv, quiet?: boolean, timeoutMs?: number }} RunOptions
 */

/**
 * Runs a command and waits for its end. With `quiet` its output is not printed (it is in the result); `timeoutMs` ends it.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>}
 */
export function run(command, args, { cwd, env = process.env, quiet = true, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: withThisNode(env), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let timedOut = false;
    const timer = timeoutMs && setTimeout(() => ((timedOut = true), child.kill('SIGKILL')), timeoutMs);
    const collect = (/** @type {Buffer} */ chunk, /** @type {NodeJS.WriteStream} */ target) => {
      output += chunk;
      if (!quiet) target.write(chunk);
    };
    child.stdout.on('data', (chunk) => collect(chunk, process.stdout));
    child.stderr.on('data', (chunk) => collect(chunk, process.stderr));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output, timedOut });
    });
  });
}

/**
 * Runs the command `bin` of an installed package with this Node: no PATH, no shell, no shim in between.
 * @param {string} root
 * @param {string} packageName
 * @param {string} bin
 * @param {string[]} args
 * @param {Partial<RunOptions>} [options]
 */
export function runPackage(root, packageName, bin, args, options) {
  return run(process.execPath, [packageBin(root, packageName, bin), ...args], { cwd: root, ...options });
}

/**
 * @param {string} root
 * @param {string} packageName
 * @param {string} bin
 */
function packageBin(root, packageName, bin) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]);
}

/**
 * Scripts with a `#!/usr/bin/env node` line must find this Node even when it is not on PATH.
 * @param {NodeJS.ProcessEnv} env
 */
function withThisNode(env) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...env, [key]: [env[key], dirname(process.execPath)].filter(Boolean).join(delimiter) };
}
