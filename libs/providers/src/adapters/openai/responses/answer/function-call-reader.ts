import { type Json, object, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import type { ItemReader } from './item-reader.js';
import { StreamedBlock } from './streamed-block.js';
import type { ResponseEventType } from '../wire.js';

/** A call of one of our functions. It is announced as soon as its name is known; one that never gets a name is lost to us. */
export class FunctionCallReader implements ItemReader {
  #call: StreamedBlock | undefined;
  /** Arguments that came before the name. */
  #early = '';
  #over = false;

  constructor(
    private readonly writer: PartWriter,
    private readonly newCallId: () => string,
    item: Json,
  ) {
    this.#announce(item);
  }

  event(type: ResponseEventType, event: Json): void {
    if (this.#over) return;
    if (type === 'response.function_call_arguments.delta') this.#delta(text(event['delta']));
    // Without a name yet, the finished item repeats the arguments.
    if (type === 'response.function_call_arguments.done') this.#call?.whole(argumentsOf(event));
  }

  done(item: Json): void {
    if (this.#over && this.#call) return;
    this.#over = true;
    this.#announce(item);
    this.#call?.whole(argumentsOf(item));
    this.#call?.end();
  }

  #delta(piece: string): void {
    if (this.#call) this.#call.delta(piece);
    else this.#early += piece;
  }

  #announce(item: Json): void {
    const name = text(item['name']);
    if (this.#call || !name) return;
    const callId = text(item['call_id']) || this.newCallId();
    this.#call = new StreamedBlock(this.writer, { type: 'tool-call-start', callId, name });
    this.#call.open();
    this.#call.delta(this.#early);
  }
}

/** As JSON text; some servers send them parsed. */
function argumentsOf({ arguments: given }: Json): string {
  const parsed = object(given);
  return parsed ? JSON.stringify(parsed) : text(given);
}
