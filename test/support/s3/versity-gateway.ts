import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../chat.js';
import type { S3Server } from './s3-server.js';

/** An object store of somebody else, for the long form of the tests: `npm run test:object-store`. */
export const VERSITY_GATEWAY = process.env['VERSITYGW_PATH'];

const BUCKET = 'attached';
const CREDENTIALS = { accessKeyId: 'versity-key', secretAccessKey: 'versity/secret+key', region: 'us-east-1' };

export async function startVersityGateway(): Promise<Pick<S3Server, 'endpoint' | 'bucket' | 'credentials' | 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'versity-'));
  mkdirSync(join(folder, BUCKET));
  const port = await freePort();
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const args = ['--port', `127.0.0.1:${port}`, '--access', accessKeyId, '--secret', secretAccessKey];
  const program = spawn(String(VERSITY_GATEWAY), [...args, 'posix', folder], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  await until('the gateway answers', 20_000, () =>
    fetch(endpoint).then(
      () => true,
      () => false,
    ),
  );
  return {
    endpoint,
    bucket: BUCKET,
    credentials: CREDENTIALS,
    close: async () => {
      program.kill();
      await once(program, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
