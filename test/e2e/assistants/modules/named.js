import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({
  title: (ctx, message) => `${ctx.user.id}: ${message.content[0].text}`,
});
