import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { isInterfaceDeclaration, isTypeAliasDeclaration } from 'typescript/unstable/ast/is';
import type { InterfaceDeclaration, Node, SourceFile, TypeAliasDeclaration } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

export const PAGE = new URL('../../docs/assistants-reference.md', import.meta.url).pathname;
const FOLDER = new URL('../../libs/chatkit/src/assistant/', import.meta.url).pathname;

/** What the page shows, in this order: the name by which code has it, and its type. */
const SECTIONS: readonly (readonly [title: string, type: string])[] = [
  ['`ctx` in every callback', 'AssistantContext'],
  ['`ctx` in a turn', 'TurnContext'],
  ['`ctx` in a tool', 'ToolContext'],
  ['`ctx.store`', 'AssistantStore'],
  ['`ctx.workflow`', 'WorkflowHelpers'],
  ['`ctx.log`', 'AssistantLog'],
];
/** The types of this page that these use. */
const TYPES = [
  'GenerateRequest',
  'GenerateResult',
  'NewItem',
  'WidgetStates',
  'WidgetTree',
  'StorePage',
  'ThreadFieldChanges',
  'AttachmentRecord',
];

type Declaration = InterfaceDeclaration | TypeAliasDeclaration;

interface Declared {
  readonly source: SourceFile;
  readonly declaration: Declaration;
}

/** docs/assistants-reference.md, from the declarations of the context and the store. */
export async function assistantsReference(): Promise<string> {
  const declared = new Map<string, Declared>();
  for (const [source, declaration] of declarations()) {
    declared.set(declaration.name.text, { source, declaration });
  }
  const page = [
    '# Reference of `ctx` and `ctx.store`',
    '<!-- Made from libs/chatkit/src/assistant/context.ts and store.ts: npx vitest run --project unit test/docs/assistants-reference -u -->',
    'Everything that the code of an assistant is given, with its types. How it is used: [assistants](assistants.md#the-context). The names in',
    'brackets are rules of [the protocol](protocol/README.md). All types are exported by `chatkit-relay/assistants`.',
    ...SECTIONS.flatMap(([title, type]) => [`\n## ${title}\n`, ...membersOf(found(declared, type))]),
    '\n## Types\n',
    ...TYPES.flatMap((type) => [`\n### \`${type}\`\n`, ...wholeOf(found(declared, type))]),
  ];
  return format(page.join('\n'), { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

function found(declared: ReadonlyMap<string, Declared>, type: string): Declared {
  const one = declared.get(type);
  if (!one) throw new Error(`There is no ${type} in context.ts and store.ts.`);
  return one;
}

const isShown = (node: Node): node is Declaration => isInterfaceDeclaration(node) || isTypeAliasDeclaration(node);

/** The compiler reads these files alone: what they import is shown by its name. */
function declarations(): (readonly [SourceFile, Declaration])[] {
  const folder = mkdtempSync(join(tmpdir(), 'chatkit-reference-'));
  const files = ['context.ts', 'store.ts'].map((name) => `${FOLDER}${name}`);
  const config = join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions: { noResolve: true, noLib: true, types: [] }, files }));
  const api = new API({ cwd: folder });
  try {
    const program = api.updateSnapshot({ openProjects: [config] }).getProject(config)?.program;
    return files.flatMap((file) => {
      const source = program?.getSourceFile(file);
      if (!source) throw new Error(`The compiler does not find ${file}.`);
      return [...source.statements].filter(isShown).map((node) => [source, node] as const);
    });
  } finally {
    api.close();
    rmSync(folder, { recursive: true });
  }
}

function membersOf({ source, declaration }: Declared): string[] {
  if (!isInterfaceDeclaration(declaration)) throw new Error(`${declaration.name.text} is no interface.`);
  const [base] = declaration.heritageClauses ?? [];
  const more = base ? [`Has all of \`${textOf(source, base).replace('extends ', '')}\` above, and:`] : [];
  const members = [...declaration.members].flatMap((member) => {
    const name = 'name' in member ? textOf(source, member.name as Node) : '';
    return [
      `### \`${name}\``,
      ...codeOf(textOf(source, member).replaceAll('\n  ', '\n')),
      commentOf(source, member),
      '',
    ];
  });
  return [commentOf(source, declaration), '', ...more, '', ...members];
}

const wholeOf = ({ source, declaration }: Declared): string[] => [
  commentOf(source, declaration),
  ...codeOf(textOf(source, declaration).replace(/^export /, '')),
];

const codeOf = (code: string): string[] => ['', '```ts', code, '```', ''];

const textOf = (source: SourceFile, node: Node): string => node.getText(source);

/** The comment before it, as a paragraph. */
function commentOf(source: SourceFile, node: Node): string {
  const before = source.text.slice(node.pos, node.end);
  const [, comment = ''] = /^\s*\/\*\*([\s\S]*?)\*\//.exec(before) ?? [];
  return comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\[([A-Z]{2,3}-\d+)\]/g, '($1)')
    .trim();
}
