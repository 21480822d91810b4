import { defineHooks, HookRefusal } from 'chatkit-relay/providers';

const BLOCKED = /\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b/;

const textOf = ({ content }) =>
  typeof content === 'string' ? content : content.map((part) => part.text ?? '').join(' ');

export default defineHooks({
  // Is called before every model call, and can change or refuse it.
  before(call, caller) {
    if (call.prompt.some((message) => message.role === 'user' && BLOCKED.test(textOf(message)))) {
      throw new HookRefusal('Card numbers must not be sent to a model.', { status: 400, code: 'card_number' });
    }
    const rule = { role: 'system', content: `You work for ${caller.tenantId}. Be polite.` };
    return { ...call, prompt: [rule, ...call.prompt] };
  },

  // Is called after every complete answer; nothing waits for it.
  after(result, caller, model) {
    const { length } = result.text;
    process.stdout.write(`${caller.userId} asked ${model.provider}/${model.model}: ${length} characters\n`);
  },
});
