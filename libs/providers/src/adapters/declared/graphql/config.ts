import * as z from 'zod';
import { declaredFields } from '../request-config.js';
import { responseFields } from '../response-config.js';
import { checkTemplates } from '../check-templates.js';

const Response = z.strictObject({
  /** One answer, or a subscription over server-sent events (graphql-sse, distinct connections mode). */
  stream: z.enum(['none', 'sse']).default('none'),
  ...responseFields,
});

/** Any GraphQL API, by declaration. `baseUrl` is its endpoint; paths of the response start in `data`. */
export const GraphqlConfig = z
  .strictObject({
    kind: z.literal('graphql'),
    ...declaredFields,
    /** A query, mutation or subscription. */
    query: z.string().min(1),
    operationName: z.string().min(1).optional(),
    /** A template for each variable of the query. */
    variables: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.json()),
    response: Response,
  })
  .superRefine(({ query, variables, vars }, context) => {
    checkTemplates(context, 'variables', variables, vars);
    for (const name of Object.keys(variables)) {
      if (new RegExp(`\\$${name}\\b`).test(query)) continue;
      context.addIssue({ code: 'custom', path: ['variables', name], message: `the query has no $${name}` });
    }
  });
export type GraphqlConfig = z.output<typeof GraphqlConfig>;
