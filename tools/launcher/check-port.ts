import { createServer } from 'node:net';
import { codeOf, LauncherError } from '../engines/launcher-error.js';

/** Runs before anything is started, so that a port that is not available is reported before the database is up. */
export async function checkPort(host: string, port: number): Promise<void> {
  try {
    await listenOnce(host, port);
  } catch (error) {
    throw new LauncherError(explain(host, port, codeOf(error)));
  }
}

function listenOnce(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function explain(host: string, port: number, code: string | undefined): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken by another program. Set PORT to a free one: PORT=${port + 1} npm start`;
  }
  if (code === 'EACCES')
    return `Port ${port} cannot be used by this user. Set PORT to one above 1023: PORT=8000 npm start`;
  return `Cannot listen on ${host}, port ${port} (${code}). Set HOST to an address of this machine, such as 127.0.0.1.`;
}
