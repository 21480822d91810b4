import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const BUILT = join(ROOT, 'dist/client');
const NPM_QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** A program that uses the package, types included. */
const PROGRAM = `
import { type ChatKitFetch, createChatKitFetch, RefusedError, type Retry } from '@chatkit-relay/client';

const retry: Partial<Retry> = { attempts: 1, firstMs: 1 };
const seen: string[] = [];
const network: typeof fetch = async (input, init) => {
  seen.push(\`\${init?.method} \${String(input)} \${new Headers(init?.headers).has('idempotency-key')}\`);
  return new Response(null, { status: 418 });
};
const chatFetch: ChatKitFetch = createChatKitFetch({
  url: 'http://127.0.0.1:9/chatkit',
  headers: async () => ({ authorization: 'Bearer token' }),
  credentials: 'include',
  fetch: network,
  retry,
});
const asFetch: typeof fetch = chatFetch;
const body = JSON.stringify({ type: 'threads.create', params: {} });
const { status } = await asFetch('http://127.0.0.1:9/chatkit', { method: 'POST', body });
const refused = await chatFetch.follow('thr_1').catch((error: unknown) => error instanceof RefusedError);
console.log(JSON.stringify({ status, refused, seen: seen[0] }));
`;

/** Pages with the component, with React and without. */
const PAGES = {
  'chat.tsx': `
import { ChatKit } from '@openai/chatkit-react';
import { sessionHeaders } from '@chatkit-relay/client';
import { useRelayChatKit } from '@chatkit-relay/client/react';

export function Chat({ url }: { url: string }) {
  const chat = useRelayChatKit({
    url,
    headers: sessionHeaders(async () => ({ client_secret: 'x', expires_at: 1 })),
    composer: { placeholder: 'Ask' },
    onThreadChange: ({ threadId }) => console.log(threadId?.length),
  });
  if (chat.problem) return <p>{chat.problem.message}</p>;
  if (!chat.control) return <p>Loading</p>;
  void chat.sendUserMessage;
  return <ChatKit control={chat.control} title={chat.config.assistants[0]?.name ?? ''} />;
}
`,
  'page.ts': `
import { connectChatKit, ConnectionProblem } from '@chatkit-relay/client/chatkit';

connectChatKit(document.querySelector('openai-chatkit'), { url: '/chatkit', theme: 'dark', storageKey: null }).then(
  ({ update, disconnect }) => (update({ theme: 'light' }), disconnect()),
  (problem: unknown) => console.log(problem instanceof ConnectionProblem && problem.code),
);
`,
};

const SETTINGS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  target: 'es2022',
  rootDir: '.',
  outDir: 'out',
};

let folder: string;
let packed: string[];

const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', [...args, ...NPM_QUIET], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** A package of this repository's, as if it had been installed in the folder. */
function link(name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target);
}

function compile(settings: object, files: readonly string[]): string {
  const project = { compilerOptions: { ...SETTINGS, ...settings }, files };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    return execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'client-package-'));
  const [archive] = JSON.parse(npm(BUILT, 'pack', '--json', '--pack-destination', folder)) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = archive.files.map(({ path }) => path);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module', private: true }));
  npm(folder, 'install', '--offline', join(folder, archive.filename));
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

it('the archive has the code, its types, the licence and a description, and nothing else', () => {
  expect(packed.filter((path) => !path.startsWith('dist/'))).toEqual(['LICENSE', 'README.md', 'package.json']);
  const code = packed.filter((path) => path.endsWith('.js'));
  expect(packed).toEqual(expect.arrayContaining(code.map((path) => path.replace(/js$/, 'd.ts'))));
  expect(packed.filter((path) => /test|fake/.test(path))).toEqual([]);
});

it('the package needs no other package', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@chatkit-relay']);
  const { dependencies } = JSON.parse(readFileSync(join(BUILT, 'package.json'), 'utf8')) as { dependencies?: object };
  expect(dependencies).toBeUndefined();
  const imports = packed
    .filter((path) => path.endsWith('.js') && !path.startsWith('dist/react/'))
    .flatMap((path) => [...readFileSync(join(BUILT, path), 'utf8').matchAll(/from '([^']+)'/g)])
    .map(([, name]) => name);
  expect(imports.length).toBeGreaterThan(5);
  expect(imports.filter((name) => !name?.startsWith('.'))).toEqual([]);
});

describe.each([
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ['node16', { module: 'node16', moduleResolution: 'node16' }],
  ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }],
])('a strict TypeScript program that resolves modules as %s does', (_, resolution) => {
  it.each([
    ['a browser', { lib: ['es2022', 'dom', 'dom.iterable'], types: [] }],
    ['Node', { lib: ['es2022'], types: ['node'] }],
  ])('is compiled with the types of %s, and runs', (_types, environment) => {
    rmSync(join(folder, 'out'), { recursive: true, force: true });
    mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
    if (!readdirSync(join(folder, 'node_modules/@types')).includes('node')) {
      link('@types/node');
      link('undici-types');
    }
    // A browser's program names what Node prints with by itself.
    const complaints = compile({ ...resolution, ...environment }, ['program.ts']);
    expect(complaints).toBe('');
    const output = execFileSync(process.execPath, ['out/program.js'], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({ status: 418, refused: true, seen: 'POST http://127.0.0.1:9/chatkit true' });
  });
});

describe.each([
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ['node16', { module: 'node16', moduleResolution: 'node16' }],
])('pages that resolve modules as %s does', (_, resolution) => {
  it('are compiled strictly', () => {
    const packages = ['react', '@types/react', 'csstype', '@openai/chatkit', '@openai/chatkit-react'];
    for (const name of packages.filter((one) => !existsSync(join(folder, 'node_modules', one)))) link(name);
    for (const [name, source] of Object.entries(PAGES)) writeFileSync(join(folder, name), source);
    // The component's own types are not free of complaints.
    const page = { lib: ['es2022', 'dom', 'dom.iterable'], types: [], jsx: 'react-jsx', skipLibCheck: true };
    expect(compile({ ...resolution, ...page }, Object.keys(PAGES))).toBe('');
  });
});
