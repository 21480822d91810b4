import type { Wire } from './messages.js';

/** What a stream said, whoever wrote it. */
export interface Heard {
  /** The deltas, joined. */
  text: string;
  /** The answer's text as its last event has it; undefined where the wire does not repeat it. */
  whole: string | undefined;
  threadId: string | undefined;
  ended: boolean;
  error: string | undefined;
}

type OnDelta = (delta: string) => void;

interface Frame {
  readonly type?: string;
  readonly thread?: { readonly id: string };
  readonly item?: { readonly type: string; readonly content: readonly { readonly text: string }[] };
  readonly update?: { readonly type: string; readonly delta: string };
  readonly choices?: readonly {
    readonly delta: { readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly error?: unknown;
}

const READERS: Readonly<Record<Wire, (heard: Heard, frame: Frame, onDelta: OnDelta) => void>> = {
  openai: readCompletion,
  chatkit: readChatKit,
};

/** Reads server-sent events, piece by piece as they come from the socket. */
export class StreamReader {
  readonly heard: Heard = { text: '', whole: undefined, threadId: undefined, ended: false, error: undefined };
  private rest = '';

  constructor(
    private readonly wire: Wire,
    private readonly onDelta: OnDelta,
  ) {}

  push(piece: string): void {
    const text = this.rest === '' ? piece : this.rest + piece;
    let from = 0;
    for (let to = text.indexOf('\n\n'); to >= 0; to = text.indexOf('\n\n', from)) {
      this.frame(text.slice(from, to));
      from = to + 2;
    }
    this.rest = text.slice(from);
  }

  private frame(frame: string): void {
    if (!frame.startsWith('data: ') || frame === 'data: [DONE]') return;
    READERS[this.wire](this.heard, JSON.parse(frame.slice('data: '.length)) as Frame, this.onDelta);
  }
}

function readCompletion(heard: Heard, { choices, error }: Frame, onDelta: OnDelta): void {
  const choice = choices?.[0];
  if (error) heard.error = JSON.stringify(error);
  if (choice?.delta.content) add(heard, choice.delta.content, onDelta);
  if (choice?.finish_reason) heard.ended = true;
}

function readChatKit(heard: Heard, frame: Frame, onDelta: OnDelta): void {
  switch (frame.type) {
    case 'thread.item.updated':
      if (frame.update?.type === 'assistant_message.content_part.text_delta') add(heard, frame.update.delta, onDelta);
      return;
    case 'thread.created':
      heard.threadId = frame.thread?.id;
      return;
    case 'thread.item.done':
      if (frame.item?.type !== 'assistant_message') return;
      heard.whole = frame.item.content.map((part) => part.text).join('');
      heard.ended = true;
      return;
    case 'error':
      heard.error = JSON.stringify(frame);
      return;
    case undefined:
  }
}

function add(heard: Heard, delta: string, onDelta: OnDelta): void {
  heard.text += delta;
  onDelta(delta);
}
