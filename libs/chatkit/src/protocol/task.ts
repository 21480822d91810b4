import { z } from 'zod';
import { orAbsent } from './json.js';
import { FileSource, UrlSource } from './source.js';

const status_indicator = z.enum(['none', 'loading', 'complete']).default('none');
const list = <T extends z.ZodType>(entry: T) => z.array(entry).default(() => []);

/** One step of a workflow, or a separate step (docs/protocol/data-model.md, "Tasks and workflows"). */
export const Task = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('custom'),
    status_indicator,
    title: orAbsent(z.string()),
    icon: orAbsent(z.string()),
    content: orAbsent(z.string()),
  }),
  z.object({
    type: z.literal('web_search'),
    status_indicator,
    title: orAbsent(z.string()),
    title_query: orAbsent(z.string()),
    queries: list(z.string()),
    sources: list(UrlSource),
  }),
  z.object({ type: z.literal('thought'), status_indicator, title: orAbsent(z.string()), content: z.string() }),
  z.object({
    type: z.literal('file'),
    status_indicator,
    title: orAbsent(z.string()),
    sources: list(FileSource),
  }),
  z.object({ type: z.literal('image'), status_indicator, title: orAbsent(z.string()) }),
]);
export type Task = z.output<typeof Task>;
/** A task as code writes it, defaults left out. */
export type TaskInput = z.input<typeof Task>;
