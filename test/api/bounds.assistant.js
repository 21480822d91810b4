import { setTimeout as sleep } from 'node:timers/promises';
import { defineAssistant } from 'chatkit-relay/assistants';

/** Takes its time to listen. */
export default defineAssistant({
  transcribe: async () => {
    await sleep(6_000);
    return 'said';
  },
});
