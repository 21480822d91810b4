import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({
  async *respond() {
    yield* [];
    throw new Error('the assistant has tripped');
  },
});
