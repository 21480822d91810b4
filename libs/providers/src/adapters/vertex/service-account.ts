import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** Who signs for a token. */
export interface ServiceAccount {
  readonly clientEmail: string;
  /** PEM. */
  readonly privateKey: string;
}

/** The key file of a service account, as far as it is used (https://cloud.google.com/iam/docs/keys-create-delete). */
const KeyFile = z.object({
  type: z.literal('service_account', {
    error:
      'is not the key of a service account; for other kinds of files set GOOGLE_APPLICATION_CREDENTIALS and credentials: default',
  }),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
});

/** Read with every token, so that a key may be replaced while the process runs. @throws Error naming the file and what is wrong with it */
export function readKeyFile(path: string): ServiceAccount {
  const parsed = KeyFile.safeParse(jsonIn(path));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new Error(`keyFile ${path}: ${problems.join('; ')}`);
  }
  return { clientEmail: parsed.data.client_email, privateKey: parsed.data.private_key };
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : cause instanceof Error ? cause.message : String(cause);
    throw new Error(`keyFile ${path}: ${why}`, { cause });
  }
}
