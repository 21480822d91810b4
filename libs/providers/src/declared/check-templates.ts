import type * as z from 'zod';
import { addTemplateIssues } from './template.js';
import { inspectTemplate } from './template-check.js';

/** Any of these variables holds what the person asked. */
const QUESTION: readonly string[] = ['messages[user]', 'lastUserMessage', 'prompt'];

/** Reports what is wrong with all templates of an entry, which stand in `field`; and if none of them asks the question. */
export function checkTemplates(
  context: z.RefinementCtx,
  field: string,
  templates: Readonly<Record<string, unknown>>,
  vars: Readonly<Record<string, unknown>> = {},
): void {
  const { issues, uses } = inspectTemplate(templates, vars);
  addTemplateIssues(context, [field], templates, vars);
  if (issues.length === 0) checkQuestion(context, field, uses);
}

/** Reports that the template in `field`, which uses these variables, does not say what the person asks. */
export function checkQuestion(context: z.RefinementCtx, field: string, uses: ReadonlySet<string>): void {
  if (QUESTION.some((name) => uses.has(name))) return;
  const message = 'nothing in it says what the person asks: use messages, prompt or lastUserMessage';
  context.addIssue({ code: 'custom', path: [field], message });
}
