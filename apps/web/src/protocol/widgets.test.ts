import { describe, expect, it } from 'vitest';
import { readAction, withValues } from './widgets.js';

describe('an action of a widget', () => {
  it('has the defaults of the protocol', () => {
    expect(readAction({ type: 'buy' })).toEqual({
      type: 'buy',
      payload: undefined,
      handler: 'server',
      loading: 'auto',
      streaming: true,
    });
  });

  it('keeps what it says', () => {
    const action = { type: 'buy', payload: [1], handler: 'client', loadingBehavior: 'container', streaming: false };
    expect(readAction(action)).toEqual({
      type: 'buy',
      payload: [1],
      handler: 'client',
      loading: 'container',
      streaming: false,
    });
  });

  it.each([undefined, null, 'buy', [], {}, { type: 1 }])('is nothing else: %j', (value) => {
    expect(readAction(value)).toBeUndefined();
  });

  it.each([{ handler: 'other' }, { loadingBehavior: 'other' }, { streaming: 'no' }])('tolerates %j', (odd) => {
    expect(readAction({ type: 'buy', ...odd })).toMatchObject({ handler: 'server', loading: 'auto', streaming: true });
  });
});

describe('the values of a form', () => {
  it('are merged into the payload by their names', () => {
    expect(withValues({ id: 1, title: 'old' }, { title: 'new', done: true })).toEqual({
      id: 1,
      title: 'new',
      done: true,
    });
    expect(withValues(undefined, { title: 'new' })).toEqual({ title: 'new' });
    expect(withValues(null, { title: 'new' })).toEqual({ title: 'new' });
  });

  it('nest at dots', () => {
    expect(withValues({ todo: { id: 1 } }, { 'todo.title': 'a', 'todo.due.day': '2026-01-01' })).toEqual({
      todo: { id: 1, title: 'a', due: { day: '2026-01-01' } },
    });
    expect(withValues({ todo: 'text' }, { 'todo.title': 'a' })).toEqual({ todo: { title: 'a' } });
  });

  it('change no payload that is not an object, and none without fields', () => {
    expect(withValues([1], { title: 'a' })).toEqual([1]);
    expect(withValues('id', { title: 'a' })).toBe('id');
    expect(withValues(undefined, {})).toBeUndefined();
  });

  it('reach no prototype', () => {
    const payload = withValues({}, { '__proto__.polluted': 1, 'constructor.prototype.polluted': 1 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
  });
});
