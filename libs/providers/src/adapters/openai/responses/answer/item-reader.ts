import type { Json } from '../../../../http/json.js';
import type { ResponseEventType } from '../wire.js';

/** Reads one item of a response's output (https://platform.openai.com/docs/api-reference/responses-streaming). */
export interface ItemReader {
  /** An event that names this item. Types that say nothing about it are ignored. */
  event(type: ResponseEventType, event: Json): void;
  /** The item as it is in the end; some servers send nothing else. May come more than once. */
  done(item: Json): void;
}
