/**
 * Request types of the protocol that this server knows by name and does not serve yet. A type moves from here to the
 * union in `request.ts` when it is served.
 */
export const knownRequestTypes = [
  'threads.retry_after_item',
  'threads.add_client_tool_output',
  'threads.add_structured_input',
  'threads.custom_action',
  'threads.sync_custom_action',
  'threads.update',
  'threads.delete',
  'items.feedback',
  'attachments.create',
  'attachments.delete',
  'input.transcribe',
] as const;
