import { defineAssistant } from 'chatkit-relay/assistants';

const BLOCKED_MS = Number(process.env['BLOCKED_MS'] ?? 12_000);

// On SIGUSR2 the event loop of this process stands still, as under somebody's endless loop.
process.on('SIGUSR2', () => {
  const until = Date.now() + BLOCKED_MS;
  while (Date.now() < until);
});

export default defineAssistant({});
