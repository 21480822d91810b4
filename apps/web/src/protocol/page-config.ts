import { type Fields, fields, listOf, optionalNumber, optionalText, text, textsOf } from './read-fields.js';

/** A tool that a person may choose for a message; the assistant decides what the choice means. */
export interface ComposerTool {
  readonly id: string;
  readonly label: string;
  readonly shortLabel?: string | undefined;
  readonly icon: string;
  /** What the empty field says while the tool is chosen. */
  readonly placeholder?: string | undefined;
  /** Offered beside the field, and not only in the menu. */
  readonly pinned: boolean;
  /** Stays chosen after a message. */
  readonly persistent: boolean;
}

export interface StarterPrompt {
  readonly label: string;
  readonly prompt: string;
  readonly icon?: string | undefined;
}

export interface AssistantChoice {
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly default: boolean;
  readonly greeting?: string | undefined;
  readonly placeholder?: string | undefined;
  /** Markdown. */
  readonly disclaimer?: string | undefined;
  readonly prompts: readonly StarterPrompt[];
  readonly tools: readonly ComposerTool[];
  /** Whether speech can be turned into text. */
  readonly dictation: boolean;
}

/** What may be attached to a message. */
export interface AttachmentLimits {
  /** Files of one message that are no pictures. */
  readonly maxCount: number;
  /** In bytes, of one file and of all files of a message. */
  readonly maxSize: number;
  readonly maxTotalSize: number;
  /** Extensions by media type. Empty: everything. */
  readonly accept: Readonly<Record<string, readonly string[]>>;
}

/** Announce a file and send its bytes to the address in the answer, or one request with both. */
export type UploadStrategy = { readonly type: 'two_phase' } | { readonly type: 'direct'; readonly uploadUrl: string };

/** What `GET /config` says of the server. */
export interface PageConfig {
  readonly version?: string | undefined;
  /** The person is the operator, and is shown the causes of failures. */
  readonly local: boolean;
  /** False: no worker is there, so that the assistants are not known yet. */
  readonly ready: boolean;
  readonly upload: UploadStrategy;
  /** Absent: nothing can be attached. */
  readonly attachments?: AttachmentLimits | undefined;
  /** Of a JSON body, in bytes. */
  readonly maxRequestSize: number;
  readonly assistants: readonly AssistantChoice[];
}

const MB = 1024 * 1024;

export function readPageConfig(value: unknown): PageConfig {
  const config = fields(value) ?? {};
  return {
    version: optionalText(fields(config['versions'])?.['server']),
    local: config['local'] === true,
    ready: config['ready'] !== false,
    upload: uploadOf(fields(config['uploadStrategy'])),
    attachments: limitsOf(fields(config['attachments'])),
    maxRequestSize: optionalNumber(config['maxRequestSize']) ?? MB,
    assistants: listOf(config['assistants']).map(assistantOf),
  };
}

function uploadOf(strategy: Fields = {}): UploadStrategy {
  const uploadUrl = optionalText(strategy['uploadUrl']);
  return strategy['type'] === 'direct' && uploadUrl ? { type: 'direct', uploadUrl } : { type: 'two_phase' };
}

function limitsOf(limits: Fields | undefined): AttachmentLimits | undefined {
  if (!limits) return undefined;
  const { maxCount, maxSize, maxTotalSize, accept } = limits;
  return {
    maxCount: optionalNumber(maxCount) ?? Infinity,
    maxSize: optionalNumber(maxSize) ?? Infinity,
    maxTotalSize: optionalNumber(maxTotalSize) ?? Infinity,
    accept: Object.fromEntries(Object.entries(fields(accept) ?? {}).map(([type, endings]) => [type, textsOf(endings)])),
  };
}

function assistantOf(value: Fields): AssistantChoice {
  const id = text(value['id']);
  return {
    id,
    name: optionalText(value['name']) ?? id,
    description: optionalText(value['description']),
    default: value['default'] === true,
    greeting: optionalText(value['greeting']),
    placeholder: optionalText(value['placeholder']),
    disclaimer: optionalText(value['disclaimer']),
    prompts: listOf(value['prompts']).map(promptOf),
    tools: listOf(value['composerTools']).map(toolOf),
    dictation: value['dictation'] === true,
  };
}

const promptOf = ({ label, prompt, icon }: Fields): StarterPrompt => ({
  label: text(label),
  prompt: text(prompt),
  icon: optionalText(icon),
});

const toolOf = ({ id, label, shortLabel, icon, placeholderOverride, pinned, persistent }: Fields): ComposerTool => ({
  id: text(id),
  label: text(label),
  shortLabel: optionalText(shortLabel),
  icon: text(icon),
  placeholder: optionalText(placeholderOverride),
  pinned: pinned === true,
  persistent: persistent === true,
});
