import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from 'ioredis';
import { freePort } from '../../../tools/engines/free-port.js';
import { until } from '../../support/chat.js';
import { killServer } from './kill.js';
import { launchRedis } from './own-redis.js';

/** Three primaries with a replica each, on loopback. */
export interface RedisCluster {
  /** As `REDIS_CLUSTER_NODES` names some of them. */
  readonly nodes: string;
  readonly client: Cluster;
  /** Kills the primary that a key is on; the replica takes over about two seconds later. */
  killPrimaryOf(key: string): Promise<void>;
  stop(): Promise<void>;
}

const NODES = 6;
const NODE_TIMEOUT_MS = 1_500;

export async function startRedisCluster(program?: string): Promise<RedisCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-cluster-'));
  const servers = new Map<number, ChildProcess>();
  const stop = async (): Promise<void> => {
    await Promise.all([...servers.values()].map(killServer));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    while (servers.size < NODES) {
      const port = await clusterPort();
      servers.set(port, await launchRedis(port, settingsOf(folder, port), program));
    }
    const addresses = [...servers.keys()].map((port) => `127.0.0.1:${port}`);
    execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes']);
    const client = new Cluster(
      [...servers.keys()].map((port) => ({ host: '127.0.0.1', port })),
      { lazyConnect: true },
    );
    client.on('error', () => undefined);
    await until('every node serves all slots', 20_000, async () =>
      addresses.every(
        (address) => infoOf(address).includes('cluster_state:ok') && infoOf(address).includes('known_nodes:6'),
      ),
    );
    await client.connect();
    return {
      nodes: addresses.slice(0, 2).join(','),
      client,
      async killPrimaryOf(key) {
        const slot = await client.cluster('KEYSLOT', key);
        const [address = ''] = (client as unknown as { slots: string[][] }).slots[slot] ?? [];
        const server = servers.get(Number(address.split(':').at(-1)));
        if (!server) throw new Error(`no server of this cluster has the key ${key}`);
        await killServer(server);
      },
      async stop() {
        client.disconnect();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Nodes talk to each other on a port that is higher by 10,000. */
async function clusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port < 55_000) return port;
  }
}

// Replicas that were out of touch for a moment may take over, too: a loaded machine must not decide the test.
const settingsOf = (folder: string, port: number): string[] =>
  (
    `--cluster-enabled yes --cluster-node-timeout ${NODE_TIMEOUT_MS} --cluster-replica-validity-factor 0 ` +
    `--cluster-config-file ${join(folder, `${port}.conf`)} --dir ${folder}`
  ).split(' ');

const infoOf = (address: string): string =>
  execFileSync('redis-cli', ['-p', address.split(':').at(-1) ?? '', 'cluster', 'info'], { encoding: 'utf8' });
