import { expect, it } from 'vitest';
import { type CommandFacts, commandsOf, runCommand, searchCommands } from './commands.js';

const assistants = [
  { id: 'plain', name: 'Garden' },
  { id: 'shop', name: 'Flower shop', description: 'Widgets' },
];

function someFacts() {
  const done: string[] = [];
  const facts: CommandFacts = {
    assistants,
    theme: 'light',
    newThread: () => void done.push('new'),
    showHistory: () => void done.push('history'),
    setTheme: (theme) => void done.push(theme),
    chooseAssistant: (id) => void done.push(id),
  };
  return { done, facts };
}

const ids = (list: CommandFacts['assistants']) => commandsOf({ assistants: list, theme: 'dark' }).map(({ id }) => id);

it('offers assistants only where there are several', () => {
  expect(ids(assistants)).toContain('assistant');
  expect(ids(assistants.slice(1))).not.toContain('assistant');
});

it('finds commands by their labels', () => {
  const { facts } = someFacts();
  expect(searchCommands(' CONVER', facts).map(({ id }) => id)).toEqual(['new', 'history']);
  expect(searchCommands('', facts)).toEqual(commandsOf(facts));
  expect(searchCommands('nothing', facts)).toEqual([]);
});

it('does what each command says', () => {
  const { done, facts } = someFacts();
  for (const { id } of commandsOf(facts)) runCommand({ id }, facts);
  const menu = runCommand({ id: 'assistant' }, facts);
  expect(done.splice(0)).toEqual(['new', 'history', 'dark']);
  expect(menu).toMatchObject({
    type: 'menu',
    commands: [{ label: 'Garden' }, { label: 'Flower shop', description: 'Widgets' }],
  });
  for (const { id } of assistants) runCommand({ id: `assistant:${id}` }, facts);
  expect(done).toEqual(['plain', 'shop']);
});
