import { defineAssistant } from 'chatkit-relay/assistants';
import { action, syncAction } from './actions.js';
import { tools } from './tools.js';

/** The assistant of the protocol's test profile. */
export default defineAssistant({
  instructions: 'You play the scripts of the protocol scenarios.',
  tools,
  // These tools do what the scenario's script says, and nothing about the text around them.
  stopAtTools: ['fx_client_tool', 'fx_ask'],
  historyItems: 20,
  imagePreviews: 3,
  guardrails: { output: [{ name: 'trip', check: (_ctx, text) => text.includes('[[TRIP]]') }] },
  input: {
    tag: ({ id, text }) => ({ type: 'text', text: `${text} (id: ${id})` }),
    attachment: ({ name }) => ({ type: 'text', text: `attached file: ${name}` }),
  },
  action,
  syncAction,
  transcribe: (_ctx, { bytes, mediaType }) => `${mediaType}:${bytes.byteLength}`,
});
