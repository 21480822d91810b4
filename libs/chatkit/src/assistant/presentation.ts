import { z } from 'zod';
import { IconName } from '../widgets/icon-name.js';

const Line = z.string().min(1).max(200);
const Text = z.string().min(1).max(2_000);

/** A message that a page offers before the first one. */
const StarterPrompt = z.strictObject({
  label: Line.describe('What the button says'),
  prompt: z.string().min(1).max(10_000).describe('What is sent'),
  icon: IconName.optional().describe('The name of an icon of ChatKit'),
});
export type StarterPrompt = z.input<typeof StarterPrompt>;

/** A tool that the user may choose in the composer; the assistant reads the choice in `ctx.choice.toolChoice`. */
const ComposerTool = z.strictObject({
  id: Line.describe('What the assistant reads as the choice'),
  label: Line.describe('What the menu says'),
  icon: IconName.describe('The name of an icon of ChatKit'),
  shortLabel: Line.optional().describe('Where there is little room'),
  placeholderOverride: Line.optional().describe('In the empty composer while it is chosen'),
  pinned: z.boolean().optional().describe('Shown beside the composer and not only in its menu'),
  persistent: z.boolean().optional().describe('Stays chosen after a message'),
});
export type ComposerTool = z.input<typeof ComposerTool>;

/** How pages present an assistant, by the names of the options of `@openai/chatkit`. Everybody may read it: `GET /config`. */
export const AssistantPresentation = z.strictObject({
  name: Line.optional().describe('Its name for people'),
  description: Text.optional().describe('What it is for, in the list of assistants'),
  greeting: Line.optional().describe('The heading of a new conversation'),
  placeholder: Line.optional().describe('In the empty composer'),
  disclaimer: Text.optional().describe('Markdown, below the composer'),
  prompts: z.array(StarterPrompt).max(20).optional(),
  composerTools: z.array(ComposerTool).max(20).optional(),
});
export type AssistantPresentation = z.input<typeof AssistantPresentation>;

/** Those of a definition's fields that are for pages. Throws `TypeError` that names what is wrong. */
export function presentationOf(definition: AssistantPresentation): AssistantPresentation {
  const named = Object.keys(AssistantPresentation.shape) as (keyof AssistantPresentation)[];
  const given = Object.fromEntries(
    named.map((name) => [name, definition[name]]).filter(([, value]) => value !== undefined),
  );
  const parsed = AssistantPresentation.safeParse(given);
  if (parsed.success) return given;
  throw new TypeError(`The assistant's presentation is not valid: ${z.prettifyError(parsed.error)}`);
}
