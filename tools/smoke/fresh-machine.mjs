// Tests what the README promises: a copy of this checkout without node_modules, on a PATH with Node, npm and base tools
// only, `npm start`, one chat over HTTP, Ctrl-C; no process may be left. Plain JavaScript on Node's own modules.
//
//   node tools/smoke/fresh-machine.mjs [--user <name>]     started by root, --user makes it an ordinary user's start
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, say } from '../setup/project.mjs';
import { runMain } from '../setup/run-main.mjs';
import { chatOnce } from './chat-once.mjs';
import { copyCheckout } from './copy-checkout.mjs';
import { freePort, lookUp, portIsFree, processesOf, waitFor } from './machine.mjs';
import { startAsOnFreshMachine } from './fresh-start.mjs';

/** @typedef {{ folder: string, project: string, home: string, mark: string }} Place */

const READY_MS = 6 * 60_000;
const LATER_START_MS = 30_000;
const END_MS = 45_000;

/**
 * @param {Place} place
 * @param {import('./machine.mjs').User | undefined} user
 */
async function firstAndLaterStart(place, user) {
  const first = await startChatStop(place, user, READY_MS);
  const later = await startChatStop(place, user, LATER_START_MS);
  say(`  ready after ${seconds(first)} on the first start (install, build, database), ${seconds(later)} on the second`);
}

/**
 * Returns how long it took until it was ready.
 * @param {Place} place
 * @param {import('./machine.mjs').User | undefined} user
 * @param {number} readyMs
 */
async function startChatStop(place, user, readyMs) {
  const port = await freePort();
  const launcher = startAsOnFreshMachine({ ...place, user, port });
  const startedAt = Date.now();
  const ready = await waitFor(() => launcher.output().includes('is ready at') || launcher.ended(), readyMs);
  const took = Date.now() - startedAt;
  if (!ready || launcher.ended()) throw new Error(`npm start did not become ready:\n${launcher.output()}`);
  await chatOnce(`http://127.0.0.1:${port}`);
  launcher.pressCtrlC();
  if (!(await waitFor(() => launcher.ended(), END_MS))) throw new Error(`Ctrl-C did not end it:\n${launcher.output()}`);
  await assertNothingLeft(place.mark, port, launcher);
  return took;
}

/**
 * @param {string} mark
 * @param {number} port
 * @param {import('./fresh-start.mjs').Launcher} launcher
 */
async function assertNothingLeft(mark, port, launcher) {
  const left = processesOf(mark);
  if (left.length > 0) throw new Error(`Processes are left after Ctrl-C: ${left.join(', ')}\n${launcher.output()}`);
  if (!(await portIsFree(port))) throw new Error(`Port ${port} is still taken after Ctrl-C.`);
}

/**
 * A folder with a project, a home and a PATH; its name marks all processes that are started in it.
 * @param {import('./machine.mjs').User | undefined} user
 */
function makePlace(user) {
  const folder = mkdtempSync(join(tmpdir(), 'chatkit-relay-smoke-'));
  chmodSync(folder, 0o755);
  const project = join(folder, 'project');
  const home = join(folder, 'home');
  for (const path of [project, home]) {
    mkdirSync(path);
    if (user) chownSync(path, user.uid, user.gid);
  }
  return { folder, project, mark: `TEST_RUN=${folder}`, home };
}

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

function userFromArguments() {
  const index = process.argv.indexOf('--user');
  return index < 0 ? undefined : lookUp(process.argv[index + 1]);
}

await runMain(async () => {
  const user = userFromArguments();
  const place = makePlace(user);
  try {
    say(`Fresh-machine smoke as ${user?.name ?? 'the current user'} …`);
    copyCheckout(root, place.project, user);
    await firstAndLaterStart(place, user);
    say(`Fresh-machine smoke as ${user?.name ?? 'the current user'}: passed.`);
  } finally {
    for (const pid of processesOf(place.mark)) process.kill(pid, 'SIGKILL');
    rmSync(place.folder, { recursive: true, force: true });
  }
});
