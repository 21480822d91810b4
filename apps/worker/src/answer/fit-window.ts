import {
  type AssistantMessage,
  estimateInputTokens,
  type Message,
  type ModelCall,
  ProviderError,
  type Window,
} from '#providers';

/**
 * What is reserved for an answer without `maxTokens`: a quarter of the window, and no more than the longest answers of
 * models that think.
 */
const ANSWER_SHARE = 1 / 4;
const ANSWER_MOST = 32_000;

/** An estimate is off by a fifth at most, as a rule: only nearer to the limit than this is a count worth its time. */
const NEAR = 0.2;

/**
 * All that was made of what the person wrote last, as the same objects as in the prompt. Roles do not tell: quotes, widgets and
 * hidden context are the user's messages, too.
 */
export type Question = ReadonlySet<Message>;

/** A call that fits, and how many messages were left out of it. */
export interface FittedCall {
  readonly call: ModelCall;
  readonly dropped: number;
}

/**
 * The call as it fits into the model's window, with room for the answer reserved: the oldest turns go first, then what was
 * done first in this turn. Instructions, the question, the newest message of the user's role and the newest results stay, and
 * no result goes without its call. A model whose context window is unknown gets all of it.
 * @throws ProviderError `context_too_long` when what must stay does not fit
 */
export async function fitWindow(
  model: Window,
  call: ModelCall,
  signal: AbortSignal,
  question?: Question,
): Promise<FittedCall> {
  const { contextWindow } = model;
  if (contextWindow === undefined) return { call, dropped: 0 };
  const limit = contextWindow - answerRoom(call, contextWindow);
  const trimmer = new Trimmer(call, question);
  let fitted = trimmer.trim(limit);
  const near = [trimmer.whole, fitted].find(({ tokens }) => Math.abs(tokens - limit) <= limit * NEAR);
  if (near && model.countInput) {
    const { tokens } = await model.countInput(near.call, signal);
    signal.throwIfAborted();
    // All of it again by the better measure: an estimate that was too high has dropped too much.
    fitted = trimmer.trim(limit, tokens / near.tokens);
  }
  if (fitted.tokens <= limit) return { call: fitted.call, dropped: fitted.dropped };
  const detail = `about ${Math.ceil(fitted.tokens)} tokens without any history, and the window of ${contextWindow} leaves ${limit}`;
  throw new ProviderError('context_too_long', { ref: model.ref, detail });
}

/** Half of the call, for a model that found it too long; undefined when nothing can go. */
export function halve(call: ModelCall, question?: Question): FittedCall | undefined {
  const half = new Trimmer(call, question).trim(estimateInputTokens(call) / 2);
  return half.dropped > 0 ? half : undefined;
}

const answerRoom = ({ settings }: ModelCall, window: number): number =>
  settings?.maxTokens ?? Math.min(ANSWER_MOST, Math.floor(window * ANSWER_SHARE));

/** Messages that stay or go together. */
interface Unit {
  readonly messages: readonly Message[];
  readonly tokens: number;
  readonly stays: boolean;
}

type Trimmed = FittedCall & { readonly tokens: number };

class Trimmer {
  private readonly units: readonly Unit[];
  private readonly tokens: number;

  constructor(
    private readonly call: ModelCall,
    question: Question = new Set(),
  ) {
    this.units = toUnits(call.prompt, question);
    const aside = estimateInputTokens({ ...call, prompt: [] });
    this.tokens = this.units.reduce((sum, { tokens }) => sum + tokens, aside);
  }

  get whole(): Trimmed {
    return { call: this.call, dropped: 0, tokens: this.tokens };
  }

  /** Without the oldest that may go, until it fits or nothing more may. `scale`: true tokens for an estimated one. */
  trim(limit: number, scale = 1): Trimmed {
    let tokens = this.tokens * scale;
    let dropped = 0;
    const kept = this.units.filter((unit) => {
      if (unit.stays || tokens <= limit) return true;
      tokens -= unit.tokens * scale;
      dropped += unit.messages.length;
      return false;
    });
    const prompt = dropped === 0 ? this.call.prompt : kept.flatMap(({ messages }) => messages);
    return { call: { ...this.call, prompt }, dropped, tokens };
  }
}

/** A unit is a turn, from one message of the person to the next; the newest turn is cut message by message, calls with results. */
function toUnits(prompt: readonly Message[], question: Question): Unit[] {
  const newest = prompt.findLastIndex(({ role }) => role === 'user');
  const last = prompt.findLastIndex((_, index) => isStep(prompt, index));
  const asked = prompt.flatMap((message, index) => (question.has(message) ? [index] : []));
  const staying = new Set([...asked, newest, ...(last > newest ? [last] : [])]);
  const turn = Math.min(...asked, newest);
  const pairEnds = endsOfPairs(prompt);
  const units: { messages: Message[]; stays: boolean }[] = [];
  let open = -1;
  for (const [index, message] of prompt.entries()) {
    const stays = staying.has(index) || message.role === 'system';
    if (index > open && begins(prompt, index, turn)) units.push({ messages: [], stays: false });
    const unit = units.at(-1);
    unit?.messages.push(message);
    if (unit) unit.stays ||= stays;
    open = Math.max(open, pairEnds[index] ?? -1);
  }
  return units.map((unit) => ({ ...unit, tokens: estimateInputTokens({ prompt: unit.messages }) }));
}

/** Whether a unit begins with this message; `turn` is where the newest turn does. */
function begins(prompt: readonly Message[], index: number, turn: number): boolean {
  const before = prompt[index - 1]?.role;
  const role = prompt[index]?.role;
  if (before === undefined || before === 'system' || role === 'system' || role === 'user') return true;
  return index > turn && (before === 'user' || isStep(prompt, index));
}

/** What the model answered, up to the results that it got for it. */
const isStep = (prompt: readonly Message[], index: number): boolean =>
  prompt[index]?.role === 'assistant' && prompt[index - 1]?.role !== 'assistant';

/** For each message with calls, where the last of their results is. Call ids may be used again in later turns. */
function endsOfPairs(prompt: readonly Message[]): (number | undefined)[] {
  const nextResults = new Map<string, number>();
  return prompt
    .map((message, index) => ({ message, index }))
    .toReversed()
    .map(({ message, index }) => {
      if (message.role === 'tool') for (const { callId } of message.content) nextResults.set(callId, index);
      return message.role === 'assistant' ? lastResult(message, nextResults) : undefined;
    })
    .toReversed();
}

function lastResult({ content }: AssistantMessage, results: ReadonlyMap<string, number>): number | undefined {
  const ends = content.flatMap((part) => (part.type === 'tool-call' ? (results.get(part.callId) ?? []) : []));
  return ends.length > 0 ? Math.max(...ends) : undefined;
}
