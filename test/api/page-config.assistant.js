import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({
  name: 'The guide',
  greeting: 'Where to?',
  prompts: [{ label: 'Home', prompt: 'Take me home', icon: 'map-pin' }],
  composerTools: [{ id: 'walk', label: 'Walk', icon: 'compass', pinned: true }],
  allowCancel: false,
  transcribe: async () => 'said',
});
