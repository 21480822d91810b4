import { tool, z } from 'chatkit-relay/assistants';
import { emitEvents } from './emit-events.js';

const anything = z.looseObject({});
const list = z.array(z.any());

/** A tool of the profile: the script's arguments are taken as they are, so that scenarios may send what they like. */
const fx = (name, description, parameters, run) =>
  tool({ name, description, parameters: z.looseObject(parameters), run, onError: 'fail', retrySafe: true });

const clientTool = fx(
  'fx_client_tool',
  'Asks the page to run one of its tools; ends the turn.',
  { name: z.string(), arguments: anything.optional() },
  ({ name, arguments: args }, ctx) => ctx.callClientTool(name, args ?? {}),
);

const ask = fx('fx_ask', 'Shows a form; ends the turn.', { inputs: list }, async ({ inputs }, ctx) => {
  await ctx.ask(inputs);
});

const emit = fx('fx_emit', 'Emits the given events.', { events: list }, ({ events }, ctx) => emitEvents(ctx, events));

const setThread = fx('fx_set_thread', 'Changes the thread.', {}, (changes, ctx) => ctx.updateThread(changes));

const showWidget = fx(
  'fx_widget',
  'Shows a widget.',
  { widget: anything, copy_text: z.string().optional() },
  async (args, ctx) => {
    await ctx.widget(args.widget, { copyText: args.copy_text });
  },
);

const widgetStream = fx(
  'fx_widget_stream',
  'Shows a widget in several states.',
  { states: list, copy_text: z.string().optional() },
  async ({ states, copy_text: copyText }, ctx) => {
    await ctx.widget(states, { copyText });
  },
);

const playWorkflow = fx('fx_workflow', 'Plays a workflow step by step.', { steps: list }, async ({ steps }, ctx) => {
  for (const { op, ...step } of steps) await WORKFLOW_STEPS[op](ctx.workflow, step);
});

const WORKFLOW_STEPS = {
  start: (workflow, step) => workflow.start(step.workflow),
  add_task: (workflow, step) => workflow.addTask(step.task),
  update_task: (workflow, step) => workflow.updateTask(step.index, step.task),
  end: (workflow, step) => workflow.end(step),
};

export const tools = [clientTool, ask, emit, setThread, showWidget, widgetStream, playWorkflow];
