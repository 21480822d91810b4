import { expect, it } from 'vitest';
import { readItemIds } from './read-item-ids.js';

it('reads ids of items, and refuses what is none or too many', () => {
  expect(readItemIds(undefined)).toBeUndefined();
  expect(readItemIds('msg_1,msg_2,')).toEqual(['msg_1', 'msg_2']);
  for (const wrong of ['', ',', ['msg_1', 'msg_2'], Array.from({ length: 101 }, (_, n) => `msg_${n}`).join(',')]) {
    expect(() => readItemIds(wrong)).toThrow('items must be 1 to 100 ids');
  }
});
