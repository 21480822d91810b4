import type { Command, CommandSelection } from '@openai/chatkit-react';

export interface CommandFacts {
  readonly assistants: readonly { readonly id: string; readonly name: string; readonly description?: string }[];
  readonly theme: 'light' | 'dark';
  readonly newThread: () => void;
  readonly showHistory: () => void;
  readonly setTheme: (theme: 'light' | 'dark') => void;
  readonly chooseAssistant: (id: string) => void;
}

const ASSISTANT = 'assistant:';

/** The menu that "/" opens in the composer. */
export function commandsOf({ assistants, theme }: Pick<CommandFacts, 'assistants' | 'theme'>): Command[] {
  return [
    { id: 'new', label: 'New conversation', icon: 'write' },
    { id: 'history', label: 'Conversations', icon: 'book-clock' },
    { id: 'theme', label: theme === 'dark' ? 'Light colours' : 'Dark colours', icon: 'lightbulb' },
    ...(assistants.length > 1 ? [{ id: 'assistant', label: 'Choose an assistant', icon: 'agent' } as const] : []),
  ];
}

export function searchCommands(query: string, facts: Pick<CommandFacts, 'assistants' | 'theme'>): Command[] {
  const wanted = query.trim().toLocaleLowerCase();
  return commandsOf(facts).filter(({ label }) => label.toLocaleLowerCase().includes(wanted));
}

/** Does what a command says; the one for assistants opens another menu. */
export function runCommand({ id }: Pick<Command, 'id'>, facts: CommandFacts): CommandSelection | undefined {
  if (id === 'new') facts.newThread();
  if (id === 'history') facts.showHistory();
  if (id === 'theme') facts.setTheme(facts.theme === 'dark' ? 'light' : 'dark');
  if (id.startsWith(ASSISTANT)) facts.chooseAssistant(id.slice(ASSISTANT.length));
  return id === 'assistant' ? { type: 'menu', commands: assistantCommands(facts.assistants) } : undefined;
}

const assistantCommands = (assistants: CommandFacts['assistants']): Command[] =>
  assistants.map(({ id, name, description }) => ({
    id: `${ASSISTANT}${id}`,
    label: name,
    icon: 'agent',
    ...(description && { description }),
  }));
