import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const WEB = fileURLToPath(new URL('../../dist/web/', import.meta.url));
const read = (name: string): Buffer => readFileSync(`${WEB}${name}`);

const isSame = (name: string): boolean => gunzipSync(read(`assets/${name}.gz`)).equals(read(`assets/${name}`));

/** What a page loads before anything is shown: the files that its HTML names, and what these import at once. */
function firstLoad(html: string): Set<string> {
  const names = new Set<string>();
  const add = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    if (!name.endsWith('.js')) return;
    for (const [, path] of read(name)
      .toString()
      .matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g))
      add(`assets/${path}`);
  };
  for (const [, path] of read(html)
    .toString()
    .matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css|svg))"/g))
    add(path ?? '');
  return names;
}

it('the page is there with at most 300 kB, compressed', () => {
  const names = [...firstLoad('index.html')];
  const bytes = names.reduce((sum, name) => sum + read(`${name}.gz`).length, 0);
  expect(names.length).toBeGreaterThan(3);
  console.log(`First load of the page: ${names.length} files, ${Math.round(bytes / 1_000)} kB`);
  expect(bytes).toBeLessThan(300_000);
});

it.each([
  ['KaTeX', '.js', 'katex-mathml'],
  ["KaTeX's fonts", '.css', 'KaTeX_Main'],
  ['Mermaid', '.js', 'flowchart-elk'],
  ["Mermaid's diagrams", '.js', 'securityLevel'],
  ['highlighting', '.js', 'hljs-'],
])('%s is loaded where it is needed, and not before', (_, ending, mark) => {
  const names = readdirSync(`${WEB}assets`).map((name) => `assets/${name}`);
  const holders = names.filter((name) => name.endsWith(ending) && read(name).toString().includes(mark));
  // A mark that is nowhere, such as one with quotes that the minifier writes in another way, would prove nothing.
  expect(holders).not.toEqual([]);
  const first = firstLoad('index.html');
  expect(holders.filter((name) => first.has(name))).toEqual([]);
});

it("React's development build is in no file", () => {
  const mark = 'Consider adding an error boundary';
  const development = new URL('../../node_modules/react-dom/cjs/react-dom-client.development.js', import.meta.url);
  expect(readFileSync(development, 'utf8')).toContain(mark);
  const code = readdirSync(`${WEB}assets`).filter((name) => name.endsWith('.js'));
  expect(code.filter((name) => read(`assets/${name}`).toString().includes(mark))).toEqual([]);
});

it('compressed files hold what the others do', () => {
  const names = readdirSync(`${WEB}assets`).filter((name) => /\.(js|css)$/.test(name));
  expect(names.filter((name) => !isSame(name))).toEqual([]);
});

it('fonts and other files of the pages are our own', () => {
  const styles = readdirSync(`${WEB}assets`).filter((name) => name.endsWith('.css'));
  const addresses = styles.flatMap((name) =>
    [
      ...read(`assets/${name}`)
        .toString()
        .matchAll(/url\(([^)]+)\)/g),
    ].map(([, url]) => url),
  );
  expect(addresses.length).toBeGreaterThan(10);
  for (const address of addresses) expect(address).toMatch(/^["']?(\/assets\/|\.\/|data:)/);
});
