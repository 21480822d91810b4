import { expect, it } from 'vitest';
import { recordingsTable } from './recordings-table.js';

const file = (name: string, ...results: [title: string, status: string][]) => ({
  name,
  status: 'passed',
  assertionResults: results.map(([title, status]) => ({ title, status })),
});

it('counts the recordings of each wire, and those that passed every test', () => {
  const table = recordingsTable({
    testResults: [
      file('/x/ollama/recordings.test.ts', ["'ollama-chat/a'", 'passed'], ["'ollama-chat/a' with 'crlf=1'", 'failed']),
      file('/x/openai-chat/recordings.test.ts', ['groq/b', 'passed'], ['groq/c', 'passed'], ['sees a page', 'passed']),
      file('/x/other.test.ts', ['groq/d', 'failed']),
    ],
  });
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
  expect(recordingsTable(undefined)).toBe('');
  expect(recordingsTable({ testResults: [file('/x/recordings.test.ts', ['groq/b', 'skipped'])] })).toBe('');
});
