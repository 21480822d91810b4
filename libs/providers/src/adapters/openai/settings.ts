import type { OpenAI } from 'openai';
import type { BearerTokens } from '../../http/bearer-tokens.js';
import type { Outgoing } from '../../http/proxy-of.js';
import type { Capability } from '../../spec/capability.js';
import type { KeyConfig } from '../../spec/provider.js';
import type { Counting } from './count-tokens.js';
import type { Dialect } from './chat/dialect.js';
import type { SdkTransport } from '../../sdk/sdk-transport.js';
import type { Carrier } from '../../wire/carrier.js';
import type { ChatRequest } from './chat/wire.js';

/** Everything an instance of this adapter needs. Handed in; nothing is read from the environment. */
export interface OpenAISettings extends Outgoing {
  /** The kind of the entry, for messages. */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Sent as a bearer token. Absent for servers that want none. */
  readonly apiKey?: string | undefined;
  /** In place of `apiKey`: tokens that expire. */
  readonly tokens?: BearerTokens | undefined;
  /** `chat`: chat completions, which nearly every server speaks; `responses`: what OpenAI made of it since. */
  readonly wire: 'chat' | 'responses';
  /** http(s) URL that `/chat/completions` or `/responses` is put behind, with or without a trailing slash: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Sent with every request; they win over ours. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly defaultModel: string;
  readonly models?: readonly string[] | undefined;
  /** Of each model, where they differ. */
  readonly capabilities: readonly Capability[] | ((model: string) => readonly Capability[]);
  readonly keyConfig: KeyConfig;
  /** What chat completions look like there; by default as at OpenAI, or as nearly everywhere else. */
  readonly dialect?: Dialect;
  /** The client to use, where it is not OpenAI's own. */
  readonly client?: (sdk: SdkTransport) => OpenAI;
  /** How chat completions are asked for, where not at `/chat/completions`. */
  readonly carrier?: (client: OpenAI, sdk: SdkTransport) => Carrier<ChatRequest>;
  /** The models, where `GET /models` has not those that can be called. */
  readonly known?: readonly string[];
  /** A list of models that says more than `GET /models`, which is asked where there is no such list. */
  readonly nativeList?: NativeList | undefined;
  /** Who counts the tokens of a call; by default OpenAI's Responses at its own hosts, and nobody elsewhere. */
  readonly counting?: Counting | undefined;
}

/** A list of models by a server's own API, beside the one that speaks OpenAI's format. */
export interface NativeList {
  /** The end of a base URL that the API of its own has another one for. */
  readonly base: RegExp;
  readonly path: string;
  /** The header that has the key there; by default it is a bearer token. */
  readonly keyHeader?: string;
}
