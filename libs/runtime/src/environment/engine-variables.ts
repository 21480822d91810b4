import { z } from 'zod';
import { redisVariables } from './redis-variables.js';
import { schemaOf } from './schema-of.js';
import { trueOrFalse } from './schemas.js';
import { variable } from './variable.js';

/** BullMQ's schema beside it has a longer name, and takes no others. */
const isSimpleName = (schema = 'public'): boolean => /^[a-zA-Z_]\w{0,49}$/.test(schema);

const postgresUrl = z
  .string({ error: 'is required: the URL of a Postgres database, postgresql://user:password@host:5432/name' })
  .regex(/^postgres(ql)?:\/\/./, 'must be a URL that begins with postgresql://')
  .refine(
    (url) => isSimpleName(schemaOf(url)),
    'the schema must be a name of letters, digits and underscores, 50 at most',
  );

/** Of Postgres and Redis. */
export const engineVariables = {
  DATABASE_URL: variable({
    schema: postgresUrl,
    readBy: ['api', 'worker', 'start', 'migrate'],
    description: 'Postgres 13 or newer (tested with 18)',
    example: 'postgresql://chatkit:password@127.0.0.1:5432/chatkit',
    unset: 'required; `npm start` starts one',
    isSecret: true,
  }),
  DATABASE_PASSWORD: variable({
    schema: z.string().optional(),
    readBy: ['api', 'worker', 'migrate'],
    description:
      'The password for `DATABASE_URL` and `DATABASE_DIRECT_URL`, with any characters, where they have none themselves',
    example: 'p@ss/word-of-the-database',
    isSecret: true,
  }),
  DATABASE_DIRECT_URL: variable({
    schema: postgresUrl.optional(),
    readBy: ['api', 'worker', 'start', 'migrate'],
    description:
      'Postgres itself, where `DATABASE_URL` leads to a pooler in transaction mode ([behind a connection pooler](deploy.md#behind-a-connection-pooler))',
    example: 'postgresql://chatkit:password@127.0.0.1:5432/chatkit',
    unset: '`DATABASE_URL`',
    isSecret: true,
  }),
  ROW_LEVEL_SECURITY: variable({
    schema: trueOrFalse(),
    readBy: ['api', 'worker'],
    description:
      '`true`: Postgres itself holds callers to their rows ([row-level security](security.md#row-level-security))',
    example: 'true',
  }),
  ...redisVariables,
};
