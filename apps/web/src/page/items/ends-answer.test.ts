import { expect, it } from 'vitest';
import { assistant, user } from '../../chat/testing.js';
import { asEntries } from '../../protocol/fold.js';
import { lastMessages } from './ends-answer.js';

it('finds the last message of each answer, also of one that is cut off by the page', () => {
  const items = [
    assistant('msg_earlier', 'b'),
    user('msg_1', 'q'),
    assistant('msg_2', 'a'),
    assistant('msg_3', 'a'),
    user('msg_4', 'q'),
    assistant('msg_5', 'a'),
    { id: 'tsk_1', type: 'other' as const, kind: 'x', created_at: '', raw: {} },
    user('msg_6', 'q'),
  ];
  expect([...lastMessages(asEntries(items))].toSorted()).toEqual(['msg_3', 'msg_5', 'msg_earlier']);
});
