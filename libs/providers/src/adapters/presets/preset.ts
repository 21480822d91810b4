import type { AcceptedFiles } from '../../attachments/accepted-files.js';
import type { Counting } from '../openai/count-tokens.js';
import type { NativeList } from '../openai/settings.js';
import type { Quirks } from '../openai/chat/dialect.js';
import type { Capability } from '../../spec/capability.js';
import type { KeyConfig } from '../../spec/provider.js';

/** A server that speaks OpenAI's chat completions, and what of it is not as everywhere. */
export interface Preset {
  /** Config kind, provider id, and in capitals the prefix of its environment variables. */
  readonly kind: string;
  readonly name: string;
  /** What `/chat/completions` is put behind; for a server of one's own the port it has by default. */
  readonly baseUrl: string;
  readonly defaultModel: string;
  readonly key: KeyConfig;
  readonly capabilities: readonly Capability[];
  /** Software that people run on their own machines. */
  readonly isOwnServer?: boolean;
  /** Its models, where the server has no `GET /models`. */
  readonly known?: readonly string[];
  /** A list of models that says more than `GET /models`. */
  readonly nativeList?: NativeList;
  readonly quirks?: Quirks;
  /** What it takes of pictures and files; by default JPEG and PNG, and no files. */
  readonly accepts?: AcceptedFiles;
  /** How it counts the tokens of a call, where it does. */
  readonly counting?: Counting;
}
