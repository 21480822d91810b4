import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { texts } from '../../i18n/texts.js';
import { gallery, SHAPES } from './testing/gallery.js';
import { KINDS } from './kinds.js';
import type { AnyNode } from './kind.js';
import WidgetView from './widget-view.js';

beforeEach(() => {
  vi.stubGlobal('location', { origin: 'https://relay.example' });
  vi.stubGlobal('navigator', { language: 'en-GB' });
});

const exhibits = gallery();

const draw = (root: AnyNode): string =>
  renderToStaticMarkup(createElement(WidgetView, { root, isOpen: false, onAction: async () => ({ isDone: true }) }));

/** Props that say how a component changes, or who it is, and are read where it is drawn from. */
const READ_ELSEWHERE = new Set(['key', 'id', 'children']);

describe('the widgets of the page', () => {
  it('are all that the library has', () => {
    expect(Object.keys(KINDS).toSorted()).toEqual(Object.keys(SHAPES).toSorted());
  });

  it.each(Object.keys(SHAPES))('%s reads all of its props', (type) => {
    const read = new Set<string>();
    for (const { node, root } of exhibits.filter((one) => one.node.type === type)) {
      const watched = new Proxy(node, {
        get: (target, prop) => {
          read.add(String(prop));
          return Reflect.get(target, prop);
        },
      });
      draw(withNode(root, node, watched));
    }
    const unread = Object.keys(SHAPES[type] ?? {}).filter((prop) => !read.has(prop) && !READ_ELSEWHERE.has(prop));
    expect(unread).toEqual([]);
  });

  it('draw every value of every prop', () => {
    const drawn = exhibits.map(({ root }) => draw(root));
    expect(drawn.length).toBeGreaterThan(400);
    expect(drawn.filter((html) => !html.includes('<div class="widget"'))).toEqual([]);
  });

  const odd = [
    null,
    true,
    -1,
    1e9,
    '',
    'url(https://example.com/x)',
    [],
    [null, 1],
    {},
    { type: 'Card' },
    { light: 1 },
  ];
  it.each(Object.keys(SHAPES))('%s survives odd values in every prop', (type) => {
    const base = exhibits.find((one) => one.node.type === type)?.node;
    const nodes = Object.keys(SHAPES[type] ?? {}).flatMap((prop) =>
      odd.map((value) => ({ ...base, type, [prop]: value })),
    );
    expect(() => draw({ type: 'Card', children: nodes })).not.toThrow();
  });

  it('say that they do not know a component, and show its children', () => {
    const node = { type: 'Carousel', children: [{ type: 'Text', value: 'A slide' }] };
    const html = draw({ type: 'Card', children: [node] });
    expect(html).toContain(texts.widgets.unknownComponent('Carousel'));
    expect(html).toContain('A slide');
    expect(draw({ type: 'constructor' })).toContain('constructor');
  });

  it('load no image of another host, and link to none by a script', () => {
    const image = (src: string): string => draw({ type: 'Card', children: [{ type: 'Image', src, alt: 'A cat' }] });
    expect(image('https://images.example.com/cat.png')).toMatch(
      /<a [^>]*href="https:\/\/images\.example\.com\/cat\.png"/,
    );
    expect(image('https://images.example.com/cat.png')).not.toContain('<img');
    expect(image('/v1/cat.png')).toContain('<img');
    expect(image('javascript:alert(1)')).not.toContain('javascript');
    expect(image('https://%zz')).toContain('A cat');
    const status = { text: 'From', favicon: 'https://images.example.com/icon.png' };
    expect(draw({ type: 'Card', status, children: [] })).not.toContain('images.example.com');
  });

  it('set no style that loads anything', () => {
    const background = 'url(https://images.example.com/x.png)';
    const html = draw({
      type: 'Card',
      background,
      children: [{ type: 'Box', background, width: background, padding: background, border: { size: background } }],
    });
    expect(html).not.toContain('images.example.com');
  });

  it('stop where a tree is deeper than anybody reads', () => {
    let root: AnyNode = { type: 'Text', value: 'the bottom' };
    for (let depth = 0; depth < 5_000; depth += 1) root = { type: 'Box', children: [root] };
    expect(draw(root)).not.toContain('the bottom');
  });
});

/** The same tree with another node in the place of one. */
function withNode(root: AnyNode, node: AnyNode, other: AnyNode): AnyNode {
  if (root === node) return other;
  const children = root['children'];
  return Array.isArray(children)
    ? { ...root, children: (children as AnyNode[]).map((child) => withNode(child, node, other)) }
    : root;
}
