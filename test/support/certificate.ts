import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files of a server's TLS, which is its own authority. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a key and a certificate for one name alone, as OpenSSL writes it (`DNS:localhost`, `IP:127.0.0.1`). */
export function certificateFor(name: string, folder: string): Certificate {
  const [key, cert] = [join(folder, 'server.key'), join(folder, 'server.crt')];
  execFileSync(
    'openssl',
    (
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=server ' +
      `-addext subjectAltName=${name} -keyout ${key} -out ${cert}`
    ).split(' '),
    { stdio: 'ignore' },
  );
  return { key, cert };
}
