import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { newConversation, reduce } from '../../chat/conversation-state.js';
import { itemOf } from '../../chat/testing.js';
import { readEvent } from '../../protocol/read-event.js';
import { WidgetIcon } from '../widgets/icons/icon.js';
import type { KindOf } from './item-props.js';
import { Typing } from './typing.js';
import { WorkflowView } from './workflow.js';

const icon = renderToStaticMarkup(createElement(WidgetIcon, { name: 'search' }));

const workflow = (summary: object) =>
  itemOf({ id: 'w', type: 'workflow', workflow: { type: 'custom', tasks: [], summary } }) as KindOf<'workflow'>;

const drawn = (summary: object) =>
  renderToStaticMarkup(createElement(WorkflowView, { item: workflow(summary), progress: 'done' }));

it('the summary of a workflow has its icon', () => {
  expect(drawn({ title: 'Looked it up', icon: 'search' })).toContain(icon);
  expect(drawn({ title: 'Looked it up' })).not.toContain(icon);
});

it('the status line of a turn has its icon', () => {
  const event = readEvent(JSON.stringify({ type: 'progress_update', text: 'Searching', icon: 'search' }));
  const { progress, progressIcon } = event ? reduce(newConversation, event) : newConversation;
  expect(renderToStaticMarkup(createElement(Typing, { label: progress, icon: progressIcon }))).toContain(
    `${icon}Searching`,
  );
});
