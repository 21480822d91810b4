import type { Annotation } from '#chatkit';
import type { Chapter } from './chapter.js';
import { landscape } from './picture.js';
import { pause, say } from './say.js';

const MARKDOWN = `## What an answer may hold

Text with **strong**, *emphasised*, ~~struck~~ words, \`code\`, and a [link](https://example.com/).

| format | drawn when |
| --- | --- |
| table | at once |
| code | its block is complete |
| formula | it is complete: $e^{i\\pi} + 1 = 0$ |

\`\`\`typescript
const greet = (name: string): string => \`Hello, \${name}!\`;
\`\`\`

$$\\int_0^1 x^2 \\, dx = \\frac{1}{3}$$

\`\`\`mermaid
graph LR
  browser --> api --> queue --> worker --> model
\`\`\`

1. A list
2. with numbers
   - and another one in it

- [x] done
- [ ] to do

> A quotation. 日本語、العربية, emoji 🌍.`;

export const markdown: Chapter = {
  id: 'markdown',
  label: 'A rich answer',
  prompt: 'Show me tables, code, formulas and a diagram',
  icon: 'square-text',
  show: (ctx) => say(ctx, MARKDOWN),
};

const CITED =
  'A run survives the worker that answers it: another one takes over.[1] Its events are in a log that readers may read again.[2] The conversation belongs to its owner alone.[3]';

const at = (mark: string): number => CITED.indexOf(mark) + mark.length;
const CITATIONS: readonly Annotation[] = [
  {
    type: 'annotation',
    index: at('[1]'),
    source: {
      type: 'url',
      title: 'The life of a run',
      url: 'https://example.com/run-lifecycle',
      description: 'States, leases and fences.',
      attribution: 'example.com',
    },
  },
  {
    type: 'annotation',
    index: at('[2]'),
    source: { type: 'file', title: 'Architecture', filename: 'architecture.md', group: 'Documents' },
  },
  {
    type: 'annotation',
    index: at('[3]'),
    source: {
      type: 'entity',
      id: 'owner-1',
      title: 'The owner',
      icon: 'user',
      label: 'Owner',
      inline_label: 'owner',
      interactive: true,
      data: { role: 'owner' },
    },
  },
];

export const sources: Chapter = {
  id: 'sources',
  label: 'Sources',
  prompt: 'Cite a page, a document and a person',
  icon: 'book-open',
  async *show(ctx) {
    await ctx.progress('Looking into the documents …', 'search');
    await pause(ctx, 600);
    yield* say(ctx, CITED, CITATIONS);
  },
};

export const thinking: Chapter = {
  id: 'thinking',
  label: 'Reasoning and steps',
  prompt: 'Think about it and show me your steps',
  icon: 'lightbulb',
  async *show(ctx) {
    await ctx.workflow.start({ type: 'reasoning', tasks: [{ type: 'thought', content: 'First I read' }] });
    await pause(ctx, 500);
    await ctx.workflow.updateTask(0, {
      type: 'thought',
      title: 'The question',
      content: 'First I read the question twice.',
    });
    await pause(ctx, 500);
    await ctx.workflow.addTask({
      type: 'thought',
      title: 'The plan',
      content: 'Then I look **things** up, one after the other.',
    });
    await pause(ctx, 500);
    await ctx.workflow.end();
    await ctx.workflow.start({
      type: 'custom',
      tasks: [
        {
          type: 'web_search',
          title: 'Searching',
          status_indicator: 'loading',
          queries: ['queue or log', 'log or queue'],
        },
      ],
    });
    await pause(ctx, 700);
    const page = { type: 'url' as const, title: 'A queue is not a log', url: 'https://example.com/queue-or-log' };
    await ctx.workflow.updateTask(0, {
      type: 'web_search',
      title: 'Searched',
      status_indicator: 'complete',
      queries: ['queue or log'],
      sources: [page],
    });
    await ctx.workflow.addTask({
      type: 'file',
      title: 'Read a file',
      status_indicator: 'complete',
      sources: [{ type: 'file', title: 'Notes', filename: 'notes.md' }],
    });
    await ctx.workflow.addTask({ type: 'image', title: 'Looked at a picture', status_indicator: 'complete' });
    await ctx.workflow.addTask({
      type: 'custom',
      title: 'Compared them',
      icon: 'analytics',
      content: 'Both keep the *order*.',
      status_indicator: 'complete',
    });
    await pause(ctx, 400);
    await ctx.workflow.end({ summary: { title: 'Four steps', icon: 'check' } });
    const task = ctx.item({
      type: 'task',
      task: { type: 'custom', status_indicator: 'complete', title: 'A step outside of a workflow', icon: 'bolt' },
    });
    yield { type: 'thread.item.done', item: task };
    yield* say(
      ctx,
      'A queue forgets what was taken from it. A log keeps everything, and each reader has a place of its own.',
    );
    yield { type: 'thread.item.done', item: ctx.item({ type: 'end_of_turn' }) };
  },
};

export const image: Chapter = {
  id: 'image',
  label: 'A picture',
  prompt: 'Paint me a landscape',
  icon: 'images',
  async *show(ctx) {
    const item = ctx.item({ type: 'generated_image' });
    yield { type: 'thread.item.added', item };
    for (const progress of [0.25, 0.5, 0.75]) {
      await pause(ctx, 600);
      const update = {
        type: 'generated_image.updated' as const,
        image: { id: item.id, url: landscape(progress) },
        progress,
      };
      yield { type: 'thread.item.updated', item_id: item.id, update };
    }
    await pause(ctx, 600);
    yield { type: 'thread.item.done', item: { ...item, image: { id: item.id, url: landscape(1) } } };
    yield* say(ctx, 'A landscape, drawn by a few lines of code.');
  },
};
