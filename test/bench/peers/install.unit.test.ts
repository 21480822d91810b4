import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { npmPeer, PeerMissing, pythonPeer } from './install.js';

const PEERS = join('test', 'bench', 'peers');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'peers-'));
  cpSync(PEERS, join(root, PEERS), { recursive: true });
  vi.stubEnv('PATH', root);
  vi.stubEnv('npm_execpath', undefined);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it.each([
  ['python', pythonPeer],
  ['npm', npmPeer],
])('says that %s is not there, and takes nothing half installed for complete', async (_, peer) => {
  await expect(peer(root)).rejects.toThrow(PeerMissing);
  await expect(peer(root)).rejects.toThrow(/could not be installed: spawn (python3|npm) ENOENT/);
});
