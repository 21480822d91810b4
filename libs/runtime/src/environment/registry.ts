import { z } from 'zod';
import { accessVariables } from './access-variables.js';
import { composeVariables } from './compose-variables.js';
import { engineVariables } from './engine-variables.js';
import { fileVariables } from './file-variables.js';
import { monitoringVariables } from './monitoring-variables.js';
import { outgoingVariables } from './outgoing-variables.js';
import { processVariables } from './process-variables.js';
import { reachVariables } from './reach-variables.js';
import type { Reader, Variable } from './variable.js';

/**
 * Every environment variable of the product but those of the providers, which their library knows. What a process reads, the
 * documents, `.env.example`, what the compose file has to hand over, and which names look like a slip, all follow from it.
 */
export const VARIABLES = {
  ...engineVariables,
  ...processVariables,
  ...accessVariables,
  ...reachVariables,
  ...fileVariables,
  ...outgoingVariables,
  ...monitoringVariables,
  ...composeVariables,
};

/** The same in the order and under the titles of the documents. */
export const VARIABLE_GROUPS: readonly (readonly [title: string, group: Readonly<Record<string, Variable>>])[] = [
  ['Postgres and Redis', engineVariables],
  ['The processes', processVariables],
  ['Who may come in', accessVariables],
  ['From where it is reached', reachVariables],
  ['Uploaded files', fileVariables],
  ['Requests to other servers', outgoingVariables],
  ['Metrics, health and traces', monitoringVariables],
  ['Read by the compose file alone', composeVariables],
];

const ENTRIES: readonly (readonly [string, Variable])[] = Object.entries(VARIABLES);

/** The names of what these readers read. */
export const variableNames = (...readers: readonly Reader[]): string[] =>
  ENTRIES.flatMap(([name, { readBy }]) => (readBy.some((reader) => readers.includes(reader)) ? [name] : []));

type Shape<By extends Reader> = {
  [
    Name in keyof typeof VARIABLES as By extends (typeof VARIABLES)[Name]['readBy'][number] ? Name : never
  ]: (typeof VARIABLES)[Name]['schema'];
};

/** The schema of the environment of a process. */
export function environmentSchema<By extends 'api' | 'worker'>(reader: By): z.ZodObject<Shape<By>> {
  const shape = ENTRIES.flatMap(([name, { schema, readBy, alias }]) =>
    readBy.includes(reader)
      ? [[name, schema] as const, ...(alias === undefined ? [] : [[alias, schema] as const])]
      : [],
  );
  return z.object(Object.fromEntries(shape)) as unknown as z.ZodObject<Shape<By>>;
}
