import { type Json, object, text } from '../../../http/json.js';
import type { PartWriter } from '../../../parts/part-writer.js';
import type { Delta } from '../wire.js';
import type { BlockReader } from './block-reader.js';

/**
 * Any block that is no part of the answer: tools that run at Anthropic and their results, compacted context, and what there
 * will be. It goes back as it came, since what follows in a tool loop or after a pause may lean on it.
 */
export class HostedReader implements BlockReader {
  #json = '';
  #content = '';

  constructor(
    private readonly writer: PartWriter,
    private readonly provider: string,
    private readonly block: Json,
  ) {}

  delta(delta: Delta): boolean {
    switch (delta.type) {
      case 'input_json_delta':
        this.#json += text(delta.partial_json);
        return true;
      case 'compaction_delta':
        this.#content += text(delta.content);
        return true;
      default:
        return false;
    }
  }

  stop(): void {
    const input = this.#json ? parse(this.#json) : undefined;
    // Cut off in the middle: nothing that would be taken back.
    if (this.#json && !input) return;
    const { block } = this;
    this.writer.replay(this.provider, {
      ...block,
      ...(input && { input }),
      ...(this.#content && { content: this.#content }),
    });
  }
}

function parse(json: string): Json | undefined {
  try {
    return object(JSON.parse(json));
  } catch {
    // What a cut off call looks like; the caller knows what that means.
    return undefined;
  }
}
