import { CustomStreamError, defineAssistant, tool, z } from 'chatkit-relay/assistants';

const LIMIT = 500;

const refund = tool({
  name: 'propose_refund',
  description: 'Asks the user to approve a refund. Nothing is paid before they have.',
  parameters: z.object({ order: z.string(), amount: z.number().positive() }),
  retrySafe: true,
  async run({ order, amount }, ctx) {
    // A message for the user; it ends the turn.
    if (amount > LIMIT) throw new CustomStreamError(`Refunds over ${LIMIT} € are made by a colleague.`);
    await ctx.hiddenContext({ kind: 'refund', order, amount });
    // The form replaces the composer; the turn ends here.
    await ctx.ask([
      {
        type: 'multiple_choice',
        id: 'approve',
        question: `Refund ${amount} € for order ${order}?`,
        options: [{ value: 'Yes' }, { value: 'No' }],
      },
      { type: 'freeform', id: 'note', question: 'Anything to add?' },
    ]);
  },
});

/** The newest form, if the user has just answered it, and its proposal. */
function decisionIn(items) {
  const form = items.at(-1);
  if (form?.type !== 'structured_input' || form.status !== 'answered') return undefined;
  const approved = form.inputs.find(({ id }) => id === 'approve')?.answer?.values[0] === 'Yes';
  const proposal = items.findLast((item) => item.type === 'hidden_context_item' && item.content?.kind === 'refund');
  return { approved, proposal: proposal?.content };
}

export default defineAssistant({
  instructions: 'You handle refunds. Propose one with the tool; afterwards tell the user briefly what has happened.',
  tools: [refund],

  async *respond(ctx, { items }) {
    const decision = decisionIn(items);
    if (decision?.approved && decision.proposal) {
      await ctx.workflow.addTask({ type: 'custom', title: `Refunding ${decision.proposal.amount} €`, icon: 'check' });
      // … here the money is sent, with ctx.run.id as its idempotency key: after a crash this code starts again …
      await ctx.hiddenContext(`The refund for order ${decision.proposal.order} was made.`);
    }
    yield* ctx.answer();
  },
});
