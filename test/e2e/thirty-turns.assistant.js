import { defineAssistant } from 'chatkit-relay/assistants';
import { tools } from '../profile/tools.js';

/** The tools of the protocol's test profile, which show widgets, hide context and call tools of the page. */
export default defineAssistant({
  instructions: 'You hold long conversations.',
  tools,
  stopAtTools: ['fx_client_tool'],
});
