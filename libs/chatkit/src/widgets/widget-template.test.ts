import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../protocol/json.js';
import { loadWidgetTemplate, WidgetTemplate, WidgetTemplateError } from './widget-template.js';

function file(template: string, fields: object = {}): string {
  return JSON.stringify({ version: '1.0', name: 'Test', template, jsonSchema: {}, encodedWidget: '', ...fields });
}

function build(template: string, data: JsonObject = {}) {
  return WidgetTemplate.parse(file(template)).build(data);
}

/** The label that an expression gives, by way of a whole widget. */
function label(expression: string, data: JsonObject = {}): unknown {
  return build(`{"type":"Card","label":{{ (${expression}) | tojson }}}`, data)['label'];
}

/** What a template of statements and text gives, as text. */
function words(template: string, data: JsonObject = {}): unknown {
  return build(`{"type":"Card","label":"${template}"}`, data)['label'];
}

describe('a template [WT-2]', () => {
  it('becomes a widget, as the editor exports it', () => {
    const template = `{%- set rows -%}
      {%- for task in tasks -%}
        {"type":"Row","key":{{ (task.id ~ "-row") | tojson }},"children":[
          {"type":"Text","value":{{ (task.title) | tojson }}}
          {%- if task.due is defined and task.due is not none -%}
            ,{"type":"Badge","label":{{ ("due " ~ task.due) | tojson }}}
          {%- endif -%}
        ]},
      {%- endfor -%}
    {%- endset -%}
    {"type":"Card","size":"{{ size | default("md") }}","children":[{{ rows[:-1] }}]}`;
    const tasks = [
      { id: 1, title: 'Say "hi" & <bye>', due: 'Monday' },
      { id: 2, title: "It's", due: null },
      { id: 3, title: '' },
    ];
    expect(build(template, { tasks })).toEqual({
      type: 'Card',
      size: 'md',
      children: [
        {
          type: 'Row',
          key: '1-row',
          children: [
            { type: 'Text', value: 'Say "hi" & <bye>' },
            { type: 'Badge', label: 'due Monday' },
          ],
        },
        { type: 'Row', key: '2-row', children: [{ type: 'Text', value: "It's" }] },
        { type: 'Row', key: '3-row', children: [{ type: 'Text', value: '' }] },
      ],
    });
  });

  it.each<[string, JsonObject, unknown]>([
    ['x', { x: { deep: [1, 2.5, true, null, 'ü🎉'] } }, { deep: [1, 2.5, true, 'ü🎉'] }],
    ['"a" ~ 1 ~ 2.5 ~ none ~ true', {}, 'a12.5NoneTrue'],
    ['x[1:3]', { x: 'abcd' }, 'bc'],
    ['x[:-1]', { x: 'a🎉' }, 'a'],
    ['x[:-1]', { x: '' }, ''],
    ['x[1:]', { x: [1, 2, 3] }, [2, 3]],
    ['x.y["z"][0]', { x: { y: { z: ['deep'] } } }, 'deep'],
    ['x is none', { x: null }, true],
    ['x is not none', { x: 0 }, true],
    ['x is defined', {}, false],
    ['x.y is undefined', { x: {} }, true],
    ['x | default("none")', {}, 'none'],
    ['x.y | default("none")', { x: {} }, 'none'],
    ['x | d("none")', {}, 'none'],
    ['x | default', {}, ''],
    ['x | default("none")', { x: '' }, ''],
    ['x | default("none", true)', { x: '' }, 'none'],
    ['x | first | default("none")', { x: [] }, 'none'],
    ['"yes" if x else "no"', { x: [] }, 'no'],
    ['x and not y or z', { x: true, y: true, z: 'z' }, 'z'],
    ['x == 1 and y in [1, 2]', { x: 1, y: 2 }, true],
    ['x | length + 1', { x: [1, 2] }, 3],
    ['x | upper', { x: 'a' }, 'A'],
    ['x | join(", ")', { x: ['a', 'b'] }, 'a, b'],
    ['range(3)', {}, [0, 1, 2]],
    ['range(5, 0, -2)', {}, [5, 3, 1]],
    ['namespace', { namespace: 'mine' }, 'mine'],
    ['day', { day: new Date(0) }, '1970-01-01T00:00:00.000Z'],
  ])('evaluates %s with %j', (expression, data, result) => {
    expect(label(expression, data)).toEqual(result);
  });

  it.each<[string, string, JsonObject, string]>([
    ['if, elif and else', '{% if x > 1 %}many{% elif x == 1 %}one{% else %}none{% endif %}', { x: 1 }, 'one'],
    [
      'for with its loop',
      '{% for y in x %}{{ y }}{% if not loop.last %}, {% endif %}{% endfor %}',
      { x: [1, 2] },
      '1, 2',
    ],
    ['for over pairs', '{% for k, v in x.items() %}{{ k ~ v }}{% endfor %}', { x: { a: 1, b: 2 } }, 'a1b2'],
    ['for with a condition and else', '{% for y in x if y > 9 %}{{ y }}{% else %}none{% endfor %}', { x: [1] }, 'none'],
    ['set', '{% set y = x + 1 %}{{ y }}', { x: 1 }, '2'],
    ['set with a block', '{% set y %}{{ x }}!{% endset %}{{ y ~ y }}', { x: 'a' }, 'a!a!'],
    [
      'namespace',
      '{% set ns = namespace(n=0) %}{% for y in x %}{% set ns.n = ns.n + y %}{% endfor %}{{ ns.n }}',
      { x: [1, 2] },
      '3',
    ],
    [
      'append',
      '{% set y = [] %}{% for z in x %}{% set _ = y.append(z ~ 1) %}{% endfor %}{{ y | join }}',
      { x: ['a', 'b'] },
      'a1b1',
    ],
    ['append that is printed', '{% set y = [] %}{{ y.append(1) }}{{ y | length }}', {}, '1'],
    ['comments', 'a{# not this #}b', {}, 'ab'],
    ['whitespace as it is', '{% if true %} a {% endif %} b', {}, ' a  b'],
    ['whitespace control', 'a {%- if true -%} b {%- endif %}', {}, 'ab'],
    ['macros', '{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) ~ m(2) }}', {}, '<1><2>'],
  ])('knows %s', (_, template, data, result) => {
    expect(words(template, data)).toBe(result);
  });

  it('escapes what HTML would read, also inside other text', () => {
    expect(build(`{"type":"Card","label":"{{ x | tojson | replace('"', '') }}"}`, { x: `<&'>` })['label']).toBe(`<&'>`);
    expect(label('x | tojson', { x: `<a href='b'>&` })).toBe(String.raw`"\u003ca href=\u0027b\u0027\u003e\u0026"`);
    expect(label('x | tojson(indent=2)', { x: '<' })).toBe(String.raw`"\u003c"`);
  });

  it('leaves the data as it was, and can be built again', () => {
    const template = WidgetTemplate.parse(file('{% set _ = x.append(1) %}{"type":"Card","size":{{ x | tojson }}}'));
    const data = { x: [0] };
    expect(template.build(data)).toEqual({ type: 'Card', size: [0, 1] });
    expect(template.build(data)).toEqual({ type: 'Card', size: [0, 1] });
    expect(data).toEqual({ x: [0] });
  });

  it.each(['Card', 'ListView', 'Basic'])('may have a %s for its root, and one child that is no list', (type) => {
    const children = { type: 'Transition', children: null };
    expect(build(JSON.stringify({ type, children }))).toEqual({ type, children: { type: 'Transition' } });
  });
});

describe('a template is refused', () => {
  it.each<[string, string, JsonObject, string]>([
    ['an unknown name', '{{ x }}', {}, '"x" is undefined'],
    ['an unknown name in a condition', '{% if x %}{% endif %}', {}, '"x" is undefined'],
    ['an unknown name in a list', '{{ [x] | tojson }}', {}, '"x" is undefined'],
    ['an unknown list', '{% for y in x %}{% endfor %}', {}, '"x" is undefined'],
    ['an unknown attribute', '{{ x.y }}', { x: {} }, '"y" of "x" is undefined'],
    ['an unknown key', '{{ x["y"] }}', { x: {} }, '"y" of "x" is undefined'],
    ['an entry that is not there', '{{ x[3] }}', { x: [] }, '"3" of "x" is undefined'],
    ['an attribute of what is unknown', '{{ x.y.z | default("") }}', { x: {} }, '"y" of "x" is undefined'],
    ['what is undefined in the data', '{{ x }}', { x: undefined }, '"x" is undefined'],
    ['the first of nothing', '{{ x | first }}', { x: [] }, 'is undefined'],
    ['an if without else', '{{ "a" if x }}', { x: false }, 'is undefined'],
    ['append to a text', '{{ x.append(1) }}', { x: 'a' }, '"append" of "x" is undefined'],
    ['append without an entry', '{{ x.append() }}', { x: [] }, 'append takes one argument'],
    ['an unknown filter', '{{ 1 | sparkle }}', {}, 'sparkle'],
    ['data that is no JSON', '', { x: 1n }, 'BigInt'],
  ])('for %s', (_, template, data, message) => {
    const read = () => build(template, data);
    expect(read).toThrow(WidgetTemplateError);
    expect(read).toThrow(/^"Test" cannot be rendered: /);
    expect(read).toThrow(message);
  });

  it.each([
    ['{"type":"Card","label":"{{ x }}"}', /^"Test" did not render to JSON: /],
    ['{"type":"Row","children":[]}', /^The root of "Test" is not a Card, ListView, Basic\.$/],
    ['[]', /^The root of "Test" is not/],
    ['{"children":[]}', /^The root of "Test" is not/],
    ['{"type":"Card","children":[{"type":"Row","children":[{"value":"a"}]}]}', /child 0 of child 0 of the root is not/],
    ['{"type":"Card","children":["text"]}', /child 0 of the root/],
    ['{"type":"Card","children":{"type":7}}', /child 0 of the root/],
  ])('when it renders to %s', (template, message) => {
    const read = () => build(template, { x: 'say "hi"' });
    expect(read).toThrow(WidgetTemplateError);
    expect(read).toThrow(message);
  });

  it.each([
    ['no JSON', /^The file is not JSON: /],
    ['[]', /^The file is no widget template/],
    [JSON.stringify({ version: '1.0', name: 'Test' }), /^The file is no widget template/],
    [file('', { version: '2.0' }), /^"Test" has version "2\.0", not "1\.0"\.$/],
    [file('', { version: 1 }), /^"Test" has version 1, not "1\.0"\.$/],
    [file('', { version: undefined }), /^"Test" has version undefined/],
    [file('{% if x %}'), /^The template of "Test" is not valid: /],
    [file('{{ x'), /^The template of "Test" is not valid: /],
  ])('when its file is %j [WT-1]', (content, message) => {
    const read = () => WidgetTemplate.parse(content);
    expect(read).toThrow(WidgetTemplateError);
    expect(read).toThrow(message);
  });
});

describe('loadWidgetTemplate', () => {
  it('reads a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'widget-'));
    try {
      const path = join(folder, 'test.widget');
      writeFileSync(path, file('{"type":"Card"}'));
      expect(loadWidgetTemplate(path).name).toBe('Test');
      expect(loadWidgetTemplate(path).build()).toEqual({ type: 'Card' });
      expect(() => loadWidgetTemplate(join(folder, 'other.widget'))).toThrow(WidgetTemplateError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
