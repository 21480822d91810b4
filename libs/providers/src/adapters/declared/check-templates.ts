import type * as z from 'zod';
import { addTemplateIssues } from './template.js';
import { inspectTemplate } from './template-check.js';

/** Any of these variables holds the user's question. */
const QUESTION: readonly string[] = ['messages[user]', 'lastUserMessage', 'prompt'];

/** Reports what is wrong with the templates of an entry, which are in `field`, and if none of them has the question. */
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

/** Reports that the template in `field`, which uses these variables, does not contain the user's question. */
export function checkQuestion(context: z.RefinementCtx, field: string, uses: ReadonlySet<string>): void {
  if (QUESTION.some((name) => uses.has(name))) return;
  const message = 'nothing in it says what the person asks: use messages, prompt or lastUserMessage';
  context.addIssue({ code: 'custom', path: [field], message });
}
