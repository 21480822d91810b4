import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({
  instructions: ({ user, locale }) =>
    `You help ${user.id} with questions about gardening. Answer briefly, in the language of ${locale ?? 'the question'}.`,
  settings: { temperature: 0.3, maxTokens: 800 },
});
