import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({ title: false });
