import { styleText } from 'node:util';

export interface BannerFacts {
  url: string;
  postgres: string;
  redis: string;
  providers: string[];
  defaultModel: string | undefined;
  dataFolders: string[];
  notes: string[];
}

/** The block that is printed once everything is ready. */
export function banner(facts: BannerFacts, colour: boolean): string {
  const paint = (style: 'bold' | 'cyan' | 'dim', text: string): string => (colour ? styleText(style, text) : text);
  const row = (label: string, text: string): string => `  ${paint('dim', label.padEnd(11))}${text}`;
  return [
    '',
    `  ${paint('bold', 'ChatKit Relay')} is ready at ${paint('cyan', facts.url)}`,
    '',
    row('Engines', `${facts.postgres}, ${facts.redis}`),
    row('Providers', facts.providers.join(', ') || 'none') +
      (facts.defaultModel ? ` (answers come from ${facts.defaultModel})` : ''),
    row('Data', facts.dataFolders.join(', ')),
    ...facts.notes.map((note) => row('Note', note)),
    row('Stop', 'Ctrl-C'),
    '',
    '',
  ].join('\n');
}
