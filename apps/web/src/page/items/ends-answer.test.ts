import { describe, expect, it } from 'vitest';
import { assistant, itemOf, user } from '../../chat/testing.js';
import { asEntries } from '../../protocol/fold.js';
import { endsOfAnswers } from './ends-answer.js';

const kinds = ['widget', 'generated_image', 'structured_input', 'workflow', 'task', 'client_tool_call', 'hologram'];

const turn = (n: number) => [
  user(`msg_${n}`, 'q'),
  assistant(`ans_${n}`, 'a'),
  itemOf({ id: `w_${n}`, type: 'widget' }),
];

describe('an answer ends', () => {
  it('with its last item, whatever that is, also if the page cuts off its beginning', () => {
    const turns = kinds.flatMap((type, index) => [
      user(`msg_${index}`, 'q'),
      assistant(`ans_${index}`, 'a'),
      itemOf({ id: `last_${index}`, type }),
      itemOf({ id: `end_${index}`, type: 'end_of_turn' }),
    ]);
    const items = [assistant('earlier', 'b'), ...turns, user('unanswered', 'q')];
    expect([...endsOfAnswers(asEntries(items), false)].toSorted()).toEqual([
      'earlier',
      ...kinds.map((_, index) => `last_${index}`),
    ]);
  });

  it('while it is being written, with a message alone', () => {
    const entries = asEntries([...turn(1), ...turn(2)]);
    expect([...endsOfAnswers(entries, true)].toSorted()).toEqual(['ans_2', 'w_1']);
  });
});
