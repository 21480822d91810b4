import { defineAssistant, tool, z } from 'chatkit-relay/assistants';

const TEMPERATURES = { berlin: 9, madrid: 17, oslo: 2 };

const temperature = tool({
  name: 'temperature',
  description: 'The temperature in a city right now, in degrees Celsius.',
  parameters: z.object({ city: z.string().describe('Name of the city in English') }),
  // Reading twice does no harm: after a crash the turn can start again.
  retrySafe: true,
  async run({ city }, ctx) {
    await ctx.progress(`Asking the station in ${city} …`, 'globe');
    const celsius = TEMPERATURES[city.toLowerCase()];
    // The model gets the message of the exception and can try again.
    if (celsius === undefined) throw new Error(`There is no station in ${city}.`);
    return { city, celsius };
  },
});

const report = tool({
  name: 'send_report',
  description: 'Sends a weather report to the user by mail. Ask before you do.',
  parameters: z.object({ text: z.string() }),
  // Not retrySafe: if the worker dies while this runs, the turn ends with an error, and no second mail is sent.
  async run({ text }, ctx) {
    ctx.log.info('a report is on its way', { length: text.length });
    return 'sent';
  },
});

export default defineAssistant({
  instructions: 'You tell people about the weather. Look temperatures up, do not guess.',
  tools: [temperature, report],
  maxTurns: 6,
});
