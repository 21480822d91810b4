import { beforeAll, describe, expect, it } from 'vitest';
import { lintFiles } from './lint-files.js';

const WORK = 'const work = async (): Promise<void> => {\n  await Promise.resolve();\n};\n';
const SWITCH = "export function toWord(is: 'a' | 'b'): string {\n  switch (is) {\n    case 'a':\n      return 'A';\n";

/** File, its text, and the rule that must complain. */
const REFUSED: [string, string, string][] = [
  ['floating', `${WORK}export function start(): void {\n  work();\n}\n`, 'typescript(no-floating-promises)'],
  ['misused', `${WORK}[1, 2].forEach(work);\n`, 'typescript(no-misused-promises)'],
  ['not-exhaustive', `${SWITCH}  }\n  return 'B';\n}\n`, 'typescript(switch-exhaustiveness-check)'],
  ['default', `${SWITCH}    default:\n      return 'B';\n  }\n}\n`, 'typescript(switch-exhaustiveness-check)'],
];

const ACCEPTED: [string, string][] = [
  ['awaited', `${WORK}export async function start(): Promise<void> {\n  await work();\n}\n`],
  ['exhaustive', `${SWITCH}    case 'b':\n      return 'B';\n  }\n}\n`],
];

const fileOf = (name: string): string => `libs/chatkit/src/protocol/${name}.ts`;
let findings: ReturnType<typeof lintFiles> = [];

beforeAll(() => {
  const files = [...REFUSED, ...ACCEPTED].map(([name, text]) => [fileOf(name), text]);
  const tsconfig = { compilerOptions: { strict: true, module: 'nodenext', target: 'es2023', types: [] } };
  findings = lintFiles({ 'tsconfig.json': JSON.stringify(tsconfig), ...Object.fromEntries(files) }, '--type-aware');
});

const codesFor = (name: string): string[] =>
  findings.filter(({ filename }) => filename === fileOf(name)).map(({ code }) => code);

describe('the linter with types', () => {
  it.each(REFUSED)('refuses %s', (name, _, code) => expect(codesFor(name)).toEqual([code]));
  it.each(ACCEPTED)('accepts %s', (name) => expect(codesFor(name)).toEqual([]));
});
