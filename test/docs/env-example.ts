import { VARIABLE_GROUPS } from '#runtime';
import { SOURCES } from '../../libs/providers/src/environment.js';
import { withoutIt } from './environment-page.js';

const WIDTH = 110;

const HEAD = `# All environment variables, each with an example. Copy this file to \`.env\`, which \`npm start\` and \`docker compose\` read, and
# take the \`#\` away before those that you set. Made by \`npm run docs:configuration\`; docs/configuration.md says more.
# What is marked with !!! has to be set before others may reach the server. A value with $ or # stands in single quotes.`;

const MARK = '## !!! Set this before others may reach the server.';

/** `.env.example`: everything that can be set, nothing of it set. */
export function envExample(): string {
  const groups = VARIABLE_GROUPS.map(([title, group]) => {
    const entries = Object.entries(group).flatMap(([name, one]) => {
      if (one.example === '') return [];
      const unset = withoutIt(one);
      const mark = one.isForOthers ? `${MARK}\n` : '';
      return [
        `${mark}${wrapped(`${one.description}${unset === '–' ? '' : ` (not set: ${unset})`}`)}\n# ${name}=${one.example}`,
      ];
    });
    return `# ── ${title} ──\n\n${entries.join('\n\n')}`;
  });
  const providers = SOURCES.map(({ kind, names }) => {
    const lines = Object.values<string>(names).map((name) => `# ${name}=`);
    return `## ${kind}\n${lines.join('\n')}`;
  });
  return `${[HEAD, ...groups, `# ── Providers: docs/providers/README.md ──\n\n${providers.join('\n\n')}`].join('\n\n')}\n`;
}

/** Markdown as lines of a comment. */
function wrapped(markdown: string): string {
  const text = markdown.replaceAll(/(\(?)\[([^\]]+)\]\(([^)]+)\)/g, (_, open: string, words: string, link: string) => {
    const page = `docs/${link.replace(/#.*/, '') || 'configuration.md'}`;
    return open ? `(${words}, ${page}` : `${words} (${page})`;
  });
  const lines = [''];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `## ${line}`).join('\n');
}
