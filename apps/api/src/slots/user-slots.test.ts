import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { AppError, type AuthContext } from '#runtime';
import { UserSlots } from './user-slots.js';

const caller = (userId: string, tenantId = 'acme'): AuthContext => ({
  tenantId,
  userId,
  roles: [],
  requestId: 'req_1',
});
const slots = (max: number | null) => new UserSlots(max, (most) => new AppError('limit.streams', `${most} at most`));

it('a user has as many as are allowed, and others have theirs', async () => {
  const two = slots(2);
  const gate = new EventEmitter();
  const opened = once(gate, 'open');
  const wait = () => opened;
  const held = [two.within(caller('ada'), wait), two.within(caller('ada'), wait)];
  await expect(two.within(caller('ada'), wait)).rejects.toMatchObject({ code: 'limit.streams', message: '2 at most' });
  await two.within(caller('grace'), () => Promise.resolve());
  await two.within(caller('ada', 'other'), () => Promise.resolve());
  gate.emit('open');
  await Promise.all(held);
  await two.within(caller('ada'), () => Promise.resolve());
});

it('what fails gives its slot back', async () => {
  const one = slots(1);
  await expect(one.within(caller('ada'), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(one.within(caller('ada'), () => Promise.resolve('done'))).resolves.toBe('done');
});

it('without a limit nothing is refused', async () => {
  const all = slots(null);
  const many = Array.from({ length: 1_000 }, (_, index) => all.within(caller('ada'), () => Promise.resolve(index)));
  await expect(Promise.all(many)).resolves.toHaveLength(1_000);
});
