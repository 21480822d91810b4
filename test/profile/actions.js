import { CustomStreamError, StreamError } from 'chatkit-relay/assistants';
import { emitEvents } from './emit-events.js';

/** The profile's custom actions: `fx.emit`, `fx.echo`, `fx.fail`; any other type yields nothing. */
export async function action(ctx, { type, payload }, sender) {
  if (type === 'fx.emit') await emitEvents(ctx, withSender(payload.events, sender), sender);
  if (type === 'fx.echo') await ctx.effect('echo', { payload, ...(sender && { sender_id: sender.id }) });
  if (type === 'fx.fail') fail(payload);
}

/** The profile's sync actions: `fx.widget` gives the sender with another widget, the rest nothing. */
export function syncAction(_ctx, { type, payload }, { item }) {
  return type === 'fx.widget' && item ? { ...item, widget: payload.widget } : undefined;
}

function fail({ kind, message, allow_retry: allowRetry, code }) {
  if (kind === 'custom') throw new CustomStreamError(message ?? '', allowRetry);
  if (kind === 'code') throw new StreamError(code, allowRetry);
  throw new Error(message ?? 'secret inner text');
}

/** `{{sender_id}}` stands for the widget that was clicked. */
function withSender(events, sender) {
  return JSON.parse(JSON.stringify(events).replaceAll('{{sender_id}}', sender?.id ?? ''));
}
