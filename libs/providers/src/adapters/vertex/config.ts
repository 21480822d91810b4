import * as z from 'zod';
import { baseUrl, common, id, modelId, secret, url } from '../entry-fields.js';

const { apiKeys: _, ...fields } = common;

/** Where service accounts are made. */
export const WHERE = 'https://console.cloud.google.com/iam-admin/serviceaccounts';

/** Claude on Google Vertex AI, by a service account, an access token, or what Google's own tools would use. */
export const VertexConfig = z
  .strictObject({
    kind: z.literal('vertex'),
    id: id.default('vertex'),
    ...fields,
    /** `my-project-123456`. */
    projectId: z.string().regex(/^[a-z0-9][a-z0-9.:-]*$/, 'must be the id of a project, as in my-project-123456'),
    /** `europe-west1`, or `global`, `us` and `eu` for endpoints of several regions. */
    region: z
      .string()
      .regex(/^[a-z]+(-[a-z]+\d+)?$/, 'must be a region of Google Cloud, as in europe-west1, or global'),
    /** A service account, by two fields of its key file. */
    serviceAccount: z.strictObject({ clientEmail: z.string().min(1), privateKey: secret }).optional(),
    /** The path of the key file of a service account. Read again with every token. */
    keyFile: z.string().min(1).optional(),
    /** A token as it is: for an hour at most. */
    accessToken: secret.optional(),
    /** Application Default Credentials of this machine. */
    credentials: z.literal('default').optional(),
    /** By default Google's: an endpoint for tokens in your own network. */
    tokenUrl: url.optional(),
    /** By default the region's public endpoint, with the version of the API: `https://europe-west1-aiplatform.googleapis.com/v1`. */
    baseUrl: baseUrl.optional(),
    defaultModel: modelId.default('claude-sonnet-5-5'),
  })
  .refine(
    ({ serviceAccount, keyFile, accessToken, credentials }) =>
      [serviceAccount, keyFile, accessToken, credentials].filter((one) => one !== undefined).length === 1,
    {
      path: ['serviceAccount'],
      error: `needs exactly one of serviceAccount, keyFile, accessToken, and credentials: default. Where to get a service account: ${WHERE}`,
    },
  );
export type VertexConfig = z.output<typeof VertexConfig>;
