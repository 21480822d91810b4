import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfigFile, packageRoot } from '#runtime';
import { makeAssistant } from './assistant.js';
import { Assistants } from './assistants.js';
import { loadAssistants } from './load-assistants.js';
import { tour } from './tour/tour.js';

/** Part of a checkout, not of the image. */
const EXAMPLES = join(packageRoot(), 'examples/chatkit.config.yaml');

/**
 * The assistants of an installation without any configuration: the tour, which answers by default, and the examples of
 * docs/assistants.md where they are there.
 */
export async function loadShowcase(examples = EXAMPLES): Promise<Assistants> {
  const more = existsSync(examples) ? await loadAssistants(loadConfigFile({ CHATKIT_CONFIG: examples })) : undefined;
  const shown = makeAssistant('tour', tour);
  return new Assistants([shown, ...(more?.all() ?? [])], shown.id);
}
