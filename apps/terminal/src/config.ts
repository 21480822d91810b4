import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The endpoint of the server that `npm start` has started here, or of the default address. */
export function localUrl(env: NodeJS.ProcessEnv = process.env): string {
  const launched = launchedUrl(resolve(env['DATA_DIR'] || '.data'));
  return `${launched ?? `http://127.0.0.1:${env['PORT'] || 8000}`}/chatkit`;
}

function launchedUrl(dataDir: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, 'launcher.json'), 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined; // no launcher runs here
  }
}

/** The language of the shell, as browsers name it: `de_DE.UTF-8` is `de-DE`. Undefined for `C` and `POSIX`. */
export function shellLanguage(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  const name = /^[A-Za-z]{2,3}(?:_[A-Za-z]{2})?(?=$|[.@])/.exec(locale)?.[0];
  return name?.replace('_', '-');
}

/** https://no-color.org */
export const wantsColours = (env: NodeJS.ProcessEnv = process.env): boolean =>
  !env['NO_COLOR'] && env['TERM'] !== 'dumb';
