import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadEnvFile, parseEnvFile } from './env-file.mjs';

describe('.env is read as docker compose reads it', () => {
  it.each<[string, Record<string, string>, Record<string, string>?]>([
    ['VAR=VAL', { VAR: 'VAL' }],
    ['VAR="VAL"', { VAR: 'VAL' }],
    ["VAR='VAL'", { VAR: 'VAL' }],
    ['# a comment\n\n  VAR=VAL  ', { VAR: 'VAL' }],
    ['export VAR=VAL', { VAR: 'VAL' }],
    ['VAR: VAL', { VAR: 'VAL' }],
    ['VAR=', { VAR: '' }],
    ['VAR=""', { VAR: '' }],
    ['VAR', {}, { VAR: 'of the shell' }],
    ['VAR=VAL # a comment', { VAR: 'VAL' }],
    ['VAR=VAL# not one', { VAR: 'VAL# not one' }],
    ['VAR="VAL # not one"', { VAR: 'VAL # not one' }],
    ['VAR="VAL" # a comment', { VAR: 'VAL' }],
    ["VAR='$OTHER ${OTHER}'", { VAR: '$OTHER ${OTHER}' }],
    ["VAR='Let\\'s go!'", { VAR: "Let's go!" }],
    ['VAR="{\\"hello\\": \\"json\\"}"', { VAR: '{"hello": "json"}' }],
    ['VAR="some\\tvalue\\nand more"', { VAR: 'some\tvalue\nand more' }],
    ["VAR='some\\tvalue'", { VAR: 'some\\tvalue' }],
    ['VAR=some\\tvalue', { VAR: 'some\\tvalue' }],
    ["VAR='two\nlines'\nNEXT=1", { VAR: 'two\nlines', NEXT: '1' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['A=1\nB=${A}2\nC="$A-$B"', { A: '1', B: '12', C: '1-12' }],
    ['A=1\nB=$A', { A: '1', B: 'of the shell' }, { A: 'of the shell' }],
    ['B=${A:-x}\nC=${A-x}', { B: 'x', C: '' }, { A: '' }],
    ['B=${A:+x}\nC=${A+x}', { B: '', C: 'x' }, { A: '' }],
    ['B=${NONE}.', { B: '.' }],
    ['PRICE="5\\$ or $$5"', { PRICE: '5$ or $5' }],
    ['URL=postgresql://u:p@h:5432/db?a=b', { URL: 'postgresql://u:p@h:5432/db?a=b' }],
  ])('%j', (text, expected, env = {}) => expect(parseEnvFile(text, env)).toEqual(expected));

  it.each([
    ['A=1\nB="open', '.env:2: the quote " is not closed'],
    ['A="1" 2', '.env:1: A: something follows the quoted value; only a comment may'],
    ['\n=1', '.env:2: a line is NAME=value, or a comment that begins with #'],
    ['A B', '.env:1: "=" is missing behind A'],
    ['A=${B:?set it}', '.env:1: B is not set: set it'],
  ])('%j is refused with its line', (text, message) => expect(() => parseEnvFile(text, {})).toThrow(message));

  it('differs from Node, which inserts nothing and takes every # for a comment', () => {
    const text = 'A=1\nB=${A}2\nC=x#y';
    expect(parseEnvFile(text, {})).toEqual({ A: '1', B: '12', C: 'x#y' });
    expect(parseEnv(text)).toEqual({ A: '1', B: '${A}2', C: 'x' });
  });
});

it('what the environment has takes precedence, even when it is empty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
  try {
    const env = { GIVEN: 'shell', EMPTY: '' };
    loadEnvFile(folder, env);
    expect(env).toEqual({ GIVEN: 'shell', EMPTY: '' });
    writeFileSync(join(folder, '.env'), 'GIVEN=file\nEMPTY=file\nNEW=file\n');
    loadEnvFile(folder, env);
    expect(env).toEqual({ GIVEN: 'shell', EMPTY: '', NEW: 'file' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
