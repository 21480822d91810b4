import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The guide's examples: the file that the comment names, and the block below it. */
function blocksOf(guide: string): { path: string; block: string }[] {
  return [...guide.matchAll(/<!-- (examples\/\S+) -->\n\n```js\n(.*?)```/gs)].map(([, path = '', block = '']) => ({
    path,
    block,
  }));
}

describe('the guide to assistants', () => {
  const blocks = blocksOf(read('docs/assistants.md'));

  it('shows every example once', () => {
    const files = readdirSync(new URL('examples/assistants/', root)).filter((name) => /(?<!\.test)\.js$/.test(name));
    expect(blocks.map(({ path }) => path).toSorted()).toEqual(files.map((name) => `examples/assistants/${name}`));
  });

  it.each(blocks)('shows $path as it is', ({ path, block }) => {
    expect(block).toBe(read(path));
  });

  it('starts all of them with the config file that it names', () => {
    const config = read('examples/chatkit.config.yaml');
    for (const { path } of blocks) expect(config).toContain(`module: ./${path.replace('examples/', '')}`);
  });
});
