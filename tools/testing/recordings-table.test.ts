import { expect, it } from 'vitest';
import { recordingsTable } from './recordings-table.js';

it('counts the recordings of each wire, and those that passed every test', () => {
  const table = recordingsTable([
    { title: "'ollama-chat/a'", state: 'passed' },
    { title: "'ollama-chat/a' with 'crlf=1'", state: 'failed' },
    { title: 'groq/b', state: 'passed' },
    { title: 'groq/c', state: 'passed' },
    { title: 'groq/d', state: 'skipped' },
    { title: 'sees a page', state: 'passed' },
  ]);
  expect(table.split('\n').map((line) => line.trim().split(/\s+/))).toEqual([
    [''],
    ['Recorded', 'answers'],
    ['wire', 'recordings', 'passed', 'tests'],
    ['groq', '2', '2', '2'],
    ['ollama-chat', '1', '0', '2'],
    [''],
  ]);
});

it('says nothing where none was played', () => {
  expect(recordingsTable([])).toBe('');
  expect(recordingsTable([{ title: 'groq/b', state: 'skipped' }])).toBe('');
});
