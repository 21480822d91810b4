import { z } from 'zod';

const Days = z.int().min(1).max(36_500);

/** How long things are stored, in days; what is absent is stored until somebody deletes it. */
const Periods = z.strictObject({
  threads: Days.optional().describe('Threads with their items, runs and attachments, counted from their last item'),
  runs: Days.optional().describe(
    'Rows of settled runs: what a request asked, its error and its measurements. The answers are items',
  ),
  files: Days.optional().describe(
    'Attachments, used or not, counted from their upload. Messages that had them stay, and say so to models',
  ),
  audit: Days.optional().describe(
    'Entries of the audit log, which are about the tenant; those about all tenants by the period of all',
  ),
});
export type RetentionPeriods = z.output<typeof Periods>;

/** Periods for all tenants; a tenant that is named has its own instead, each for itself. */
export const RetentionConfig = Periods.extend({
  tenants: z.record(z.string().min(1).max(256), Periods).default({}).describe('What holds for single tenants instead'),
});
export type RetentionConfig = z.output<typeof RetentionConfig>;

/** What holds for a tenant. */
export function periodsOf({ tenants, ...common }: RetentionConfig, tenantId: string): RetentionPeriods {
  return { ...common, ...(Object.hasOwn(tenants, tenantId) ? tenants[tenantId] : {}) };
}

/** Whether anything of this kind is ever deleted by age. */
export const hasPeriod = ({ tenants, ...common }: RetentionConfig, kind: keyof RetentionPeriods): boolean =>
  [common, ...Object.values(tenants)].some((periods) => periods[kind] !== undefined);
