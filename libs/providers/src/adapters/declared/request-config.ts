import * as z from 'zod';
import { common, id, modelId, secret, url } from '../entry-fields.js';
import { CAPABILITIES } from '../../spec/capability.js';
import { Paths } from './response-config.js';
import { DEFAULT_FLATTENING } from './template-scope.js';

// The common fields of all declared APIs. Their requests are templates, so there is no `body` beside.
const { body: _, ...entry } = common;

const byRole = z.strictObject({
  system: z.string().optional(),
  user: z.string().optional(),
  assistant: z.string().optional(),
  tool: z.string().optional(),
});

/** Documents are cited by parts that no path can name. */
const Capabilities = z.enum(CAPABILITIES).exclude(['documents']);

/** Fields of the entry of every declared API. */
export const declaredFields = {
  id,
  ...entry,
  /** Sent as a bearer token; any other way to say it is one of the `headers`. */
  apiKey: secret.optional(),
  /** http(s) URL that every path is put behind. */
  baseUrl: url,
  /** The name of the model, for an API that has only one. */
  defaultModel: modelId.default('default'),
  /** What its models can do; by default chat, generate, and what the rest of the entry has a place for. */
  capabilities: z.array(Capabilities).optional(),
  /** What the API calls our roles. */
  roles: byRole.optional(),
  /** How `{{prompt}}` is written. */
  flatten: z
    .strictObject({
      labels: byRole.default(DEFAULT_FLATTENING.labels),
      separator: z.string().default(DEFAULT_FLATTENING.separator),
      ending: z.string().default(DEFAULT_FLATTENING.ending),
    })
    .optional(),
  /** Values for templates, as `{{vars.name}}`. */
  vars: z.record(z.string().regex(/^\w+$/), z.json()).optional(),
  /** Where the models are listed: a path behind the base URL, and where in the answer their ids stand. */
  modelList: z.strictObject({ path: z.string(), ids: Paths }).optional(),
  /** What is asked to see whether the API is there, where no models are listed: a path behind the base URL. */
  health: z.strictObject({ path: z.string() }).optional(),
};

const DeclaredFields = z.strictObject(declaredFields);
export type DeclaredFields = z.output<typeof DeclaredFields>;
