import { defaultConverter, type ItemConverter, type ModelMessage, type ThreadItem } from '#chatkit';

interface Watched {
  readonly hooks: Partial<ItemConverter>;
  /** Filled by the conversion. */
  readonly question: ReadonlySet<ModelMessage>;
}

/** The hooks, which keep in `question` what they make of the last message that the person wrote. */
export function withQuestion(hooks: Partial<ItemConverter>, items: readonly ThreadItem[]): Watched {
  const asked = items.findLast(({ type }) => type === 'user_message')?.id;
  const question = new Set<ModelMessage>();
  return {
    question,
    hooks: {
      ...hooks,
      async userMessage(item, context) {
        const convert = hooks.userMessage ?? defaultConverter.userMessage;
        const messages = await convert.call(context.converter, item, context);
        if (item.id === asked) for (const message of messages) question.add(message);
        return messages;
      },
    },
  };
}
