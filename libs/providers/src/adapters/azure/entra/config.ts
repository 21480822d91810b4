import * as z from 'zod';
import { secret } from '../../entry-fields.js';

const word = z.string().regex(/^[\w.-]+$/, 'must be an ID, or the name of a tenant');
const path = z.string().min(1);

/** By which of these an application shows that it is itself. */
const PROOFS = ['clientSecret', 'certificateFile', 'tokenFile'] as const;

/** An application of Microsoft Entra ID that may use the resource. */
export const EntraConfig = z.strictObject({
  tenantId: word.optional(),
  clientId: word.optional(),
  clientSecret: secret.optional(),
  /** A PEM file with the private key and the certificate. */
  certificateFile: path.optional(),
  /** A file with a token of another issuer that the application trusts (workload identity), read again as it changes. */
  tokenFile: path.optional(),
  /** Of a national cloud: `https://login.microsoftonline.us`. */
  authorityHost: z.url({ protocol: /^https$/, error: 'must be an https URL' }).optional(),
  /** What the token is for. */
  scope: z.string().min(1).default('https://cognitiveservices.azure.com/.default'),
});
export type EntraConfig = z.output<typeof EntraConfig>;

/** An application with its tenant and its proof. */
export interface Identity extends EntraConfig {
  readonly tenantId: string;
  readonly clientId: string;
  readonly authorityHost: string;
}

const PUBLIC_CLOUD = 'https://login.microsoftonline.com';

/** @throws Error for one that `problemIn` finds fault with */
export function identityOf({ tenantId, clientId, authorityHost = PUBLIC_CLOUD, ...rest }: EntraConfig): Identity {
  if (tenantId === undefined || clientId === undefined) throw new Error('entra needs tenantId and clientId');
  return { ...rest, tenantId, clientId, authorityHost: authorityHost.replace(/\/+$/, '') };
}

/** What is wrong with `entra` beside `credentials`, and where. */
export function problemIn(
  entra: EntraConfig,
  credentials: 'default' | undefined,
): readonly [string, string] | undefined {
  const given = PROOFS.filter((name) => entra[name] !== undefined);
  const [first] = given;
  if (credentials) return first && [first, 'has no use beside credentials: default'];
  if (entra.tenantId === undefined) return ['tenantId', 'is needed: the directory (tenant) ID of the application'];
  if (entra.clientId === undefined) return ['clientId', 'is needed: the application (client) ID'];
  if (given.length !== 1) return ['clientSecret', `needs exactly one of ${PROOFS.join(', ')}`];
  return undefined;
}
