import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { StepIcon } from './step-icon.js';

const drawn = (icon: string | undefined, status: 'none' | 'complete' = 'none'): string =>
  renderToStaticMarkup(
    createElement(StepIcon, { task: { type: 'custom', icon, status_indicator: status }, isRunning: true }),
  );

it('a step has the icon that its assistant has chosen, until it is done', () => {
  expect(new Set([drawn(undefined), drawn('search'), drawn('bug')]).size).toBe(3);
  expect(drawn('search', 'complete')).toBe(drawn(undefined, 'complete'));
});
