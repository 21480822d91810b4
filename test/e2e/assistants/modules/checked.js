import { defineAssistant } from 'chatkit-relay/assistants';

/** Says no when the built-in answer is complete, and not a word of it is stored yet. */
const late = {
  name: 'late',
  async check(_ctx, text) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    return text.includes('rude');
  },
};

export default defineAssistant({ guardrails: { input: [late] } });
