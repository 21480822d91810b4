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
  if (issues.length > 0 || QUESTION.some((name) => uses.has(name))) return;
  const message = 'nothing in it says what the person asks: use messages, prompt or lastUserMessage';
  context.addIssue({ code: 'custom', path: [field], message });
}
