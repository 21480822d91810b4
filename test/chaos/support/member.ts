import { type AppProcess, startApp, type Variables } from '../../support/processes.js';
import type { OwnRedis } from './own-redis.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** One process of the product with wires of its own to Postgres and Redis. */
export interface Member {
  app: AppProcess;
  readonly postgres: TcpProxy;
  readonly redis: TcpProxy | undefined;
  /** Ends the process by SIGKILL, unless it has ended, and starts another one on the same wires. */
  replace(): Promise<void>;
  /** Ends the process, also a frozen one, and then its wires. */
  stop(): Promise<void>;
}

export async function startMember(
  kind: 'api' | 'worker',
  variables: Variables,
  databaseUrl: string,
  ownRedis: OwnRedis | undefined,
): Promise<Member> {
  const postgres = await startTcpProxy(Number(new URL(databaseUrl).port));
  const redis = ownRedis && (await startTcpProxy(ownRedis.port));
  const closeWires = () => Promise.all([postgres.close(), redis?.close()]);
  const own: Variables = {
    ...variables,
    DATABASE_URL: withPort(databaseUrl, postgres.port),
    REDIS_URL: redis && `redis://127.0.0.1:${redis.port}`,
  };
  const app = await startApp(kind, own).catch(async (error: unknown) => {
    await closeWires();
    throw error;
  });
  const member: Member = {
    app,
    postgres,
    redis,
    async replace() {
      await member.app.kill('SIGKILL');
      member.app = await startApp(kind, own);
    },
    async stop() {
      member.app.child.kill('SIGCONT');
      postgres.restore();
      redis?.restore();
      await member.app.stop();
      await closeWires();
    },
  };
  return member;
}

function withPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
}
