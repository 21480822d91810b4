import { tool, type TurnContext } from '#chatkit';
import * as z from 'zod';
import type { Chapter } from './chapter.js';
import { pause } from './say.js';

const ZONES = new Map([
  ['berlin', 'Europe/Berlin'],
  ['new york', 'America/New_York'],
  ['tokyo', 'Asia/Tokyo'],
]);

/** A tool as an assistant writes one: its arguments are the model's, and its result goes back to the model. */
export const clock = tool({
  name: 'world_clock',
  description: 'The time in a city right now.',
  parameters: z.object({ city: z.string().describe('Berlin, New York or Tokyo') }),
  retrySafe: true,
  async run({ city }, ctx) {
    const timeZone = ZONES.get(city.toLowerCase());
    // The model gets this message, and may try again.
    if (!timeZone) throw new Error(`There is no clock in ${city}. There is one in Berlin, New York and Tokyo.`);
    return { city, time: await readClock(ctx, city, timeZone) };
  },
});

/** Seen while it runs, and kept as a step of the answer. */
async function readClock(ctx: TurnContext, city: string, timeZone: string): Promise<string> {
  await ctx.progress(`Asking the clock in ${city} …`, 'clock');
  await pause(ctx, 700);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format();
  await ctx.workflow.addTask({
    type: 'custom',
    title: `Asked the clock in ${city}`,
    icon: 'clock',
    content: `It is **${time}** there.`,
    status_indicator: 'complete',
  });
  return time;
}

export const serverTool: Chapter = {
  id: 'tool',
  label: 'A tool on the server',
  prompt: 'Look up the time in Tokyo',
  icon: 'clock',
  /** The demo calls a tool where it is told to; a model of a provider decides that by itself. */
  async *show(ctx) {
    yield* ctx.answer({ providerOptions: { demo: { message: `(call=${clock.name} {"city":"Tokyo"})` } } });
  },
};
