import type { ModelMessage } from '#chatkit';
import {
  CAPABILITIES,
  createProviders,
  createRegistry,
  defineProvider,
  type LanguageModel,
  type ModelCall,
  ProviderError,
  type ProviderErrorCode,
  type StreamPart,
} from '#providers';

/** What the model asks for: a tool of the assistant, by its name. */
export interface ScriptedToolCall {
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** One answer of the model. A text alone is `{ text }`; an error is what the provider said instead of an answer. */
export type ModelStep =
  | string
  | {
      readonly reasoning?: string;
      readonly text?: string;
      readonly tools?: readonly ScriptedToolCall[];
    }
  | { readonly error: ProviderErrorCode; readonly detail?: string };

/** A call that the assistant, or its own code, has made of a model. */
export interface SeenModelCall {
  /** The name that was asked for; `default` where the assistant names none. */
  readonly model: string;
  /** The prompt, instructions first. */
  readonly messages: readonly ModelMessage[];
  /** The names of the tools that the model was offered. */
  readonly tools: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Answers the calls of models in their order, or decides by the call. */
export type ModelScript =
  readonly ModelStep[] | ((call: SeenModelCall, number: number) => ModelStep | Promise<ModelStep>);

const ID = 'script';

/** A model behind the registry that workers use, with its policies; without retries, so that a step is one answer. */
export class ScriptedModels {
  readonly calls: SeenModelCall[] = [];
  readonly #registry;

  constructor(private readonly script: ModelScript) {
    const module = defineProvider({
      name: 'Script',
      defaultModel: 'default',
      capabilities: CAPABILITIES.filter((capability) => capability !== 'documents'),
      stream: (call, { model }) => this.#answer(call, model),
    });
    const entry = { kind: 'module' as const, id: ID, module: ID, retry: { attempts: 1 }, breaker: false as const };
    this.#registry = createRegistry(createProviders([entry], new Map([[ID, module]])));
  }

  readonly resolve = (name: string | undefined): LanguageModel => this.#registry.resolve(`${ID}/${name ?? 'default'}`);

  async *#answer(call: ModelCall, model: string): AsyncGenerator<StreamPart> {
    const seen: SeenModelCall = {
      model,
      messages: call.prompt as readonly ModelMessage[],
      tools: (call.tools ?? []).map(({ name }) => name),
      settings: { ...call.settings },
    };
    const number = this.calls.push(seen);
    const step = typeof this.script === 'function' ? await this.script(seen, number) : this.script[number - 1];
    if (step === undefined) throw new Error(`the script has no step for call ${number} of the model`);
    yield* partsOf(step, model);
  }
}

function* partsOf(step: ModelStep, model: string): Generator<StreamPart> {
  if (typeof step === 'string') return yield* partsOf({ text: step }, model);
  if ('error' in step) {
    throw new ProviderError(step.error, { ref: { provider: ID, model }, detail: step.detail ?? 'as the script says' });
  }
  const { reasoning, text, tools = [] } = step;
  if (reasoning !== undefined) yield* block('reasoning', reasoning);
  if (text !== undefined) yield* block('text', text);
  for (const [index, { name, arguments: given = {} }] of tools.entries()) {
    const id = `tool_${index}`;
    yield { type: 'tool-call-start', id, callId: `call_${index + 1}`, name };
    yield { type: 'tool-call-delta', id, arguments: JSON.stringify(given) };
    yield { type: 'tool-call-end', id };
  }
  yield { type: 'finish', reason: { unified: tools.length > 0 ? 'tool_calls' : 'stop', raw: null } };
}

/** Word by word, as models do. */
function* block(kind: 'text' | 'reasoning', text: string): Generator<StreamPart> {
  yield { type: `${kind}-start`, id: kind };
  for (const word of text.match(/\s*\S+\s*|\s+/g) ?? []) yield { type: `${kind}-delta`, id: kind, text: word };
  yield { type: `${kind}-end`, id: kind };
}
