import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({ instructions: 'You know the way.' });
