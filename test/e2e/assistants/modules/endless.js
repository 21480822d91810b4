import { setTimeout as sleep } from 'node:timers/promises';
import { defineAssistant, tool, z } from 'chatkit-relay/assistants';

const never = () => new Promise(() => undefined);

/**
 * Keeps the thread busy for a moment without waiting for anything. After each event, so that no machine is fast enough to emit what an
 * answer may have at most, 16 MB, before the deadline.
 */
function work() {
  const end = performance.now() + 0.1;
  while (performance.now() < end);
}

/** Emits again and again without waiting for anything, and does not mind a refusal. */
async function insist(ctx) {
  for (let refused = 0; refused < 100_000;) {
    try {
      await ctx.effect('still_here');
      work();
    } catch {
      refused++;
    }
  }
}

/** Comes back long after the deadline, and writes. */
async function late(ctx) {
  await sleep(3_000);
  const outcome = await ctx.store
    .updateThread(ctx.thread.id, { title: 'written too late' })
    .then(() => 'was written', String);
  ctx.log.info('the late write', { outcome });
}

const ENDLESS = { never, late, insist };

const hang = tool({
  name: 'hang',
  description: 'Never returns.',
  parameters: z.object({}),
  retrySafe: true,
  run: never,
});

export default defineAssistant({
  tools: [hang],
  async *respond(ctx, { userMessage }) {
    const wish = userMessage.content.map(({ text }) => text).join('');
    if (wish === 'yield') {
      for (;;) {
        yield { type: 'client_effect', name: 'still_here', data: {} };
        work();
      }
    }
    if (wish in ENDLESS) await ENDLESS[wish](ctx);
    yield* ctx.answer();
  },
});
