import { declined, failedBy, isSensitive, notAvailable, type PageCall, readPageCall } from '../chat/client-tools.js';
import type { Theme } from '../chat/memory.js';
import { perform } from '../page/client-tools/perform.js';

type Given = Readonly<Record<string, unknown>>;

interface PageControls {
  readonly setTheme: (theme: Theme) => void;
  /** Asks the person. */
  readonly confirm: (question: string) => boolean;
}

/**
 * The client tools of the built-in page, for `onClientTool`: the answer always tells the model what has become of its call, so
 * that it never waits.
 */
export async function runPageTool(name: string, given: Given, { setTheme, confirm }: PageControls): Promise<object> {
  const call = readPageCall(name, given);
  if (!call) return notAvailable(name);
  if (isSensitive(call) && !confirm(questionOf(call))) return declined;
  return perform(call, setTheme, () => navigator.language).catch(failedBy);
}

function questionOf(call: PageCall): string {
  switch (call.name) {
    case 'copy_to_clipboard':
      return `Copy this to the clipboard?\n\n${call.text.slice(0, 300)}`;
    case 'open_link':
      return `Open this page?\n\n${call.url}`;
    case 'get_page_context':
    case 'set_theme':
      return 'Allow this?';
  }
}
