import type { PageToolName } from '../../../../libs/chatkit/src/assistant/page-tools.js';
import type { Theme } from './memory.js';

type Arguments = Readonly<Record<string, unknown>>;

/** A call of one of the page's own tools, with arguments that it understands. */
export type PageCall =
  | { readonly name: 'get_page_context' }
  | { readonly name: 'set_theme'; readonly theme: Theme }
  | { readonly name: 'copy_to_clipboard'; readonly text: string }
  | { readonly name: 'open_link'; readonly url: string };

interface PageTool {
  /** Undefined for arguments that it does not understand. */
  readonly read: (given: Arguments) => PageCall | undefined;
  /** Whether a person must allow it each time. */
  readonly isSensitive: boolean;
}

const TOOLS: { readonly [Name in PageToolName]: PageTool } = {
  get_page_context: { read: () => ({ name: 'get_page_context' }), isSensitive: false },
  set_theme: { read: ({ theme }) => (isTheme(theme) ? { name: 'set_theme', theme } : undefined), isSensitive: false },
  copy_to_clipboard: {
    read: ({ text }) => (typeof text === 'string' && text !== '' ? { name: 'copy_to_clipboard', text } : undefined),
    isSensitive: true,
  },
  open_link: { read: ({ url }) => (isWebAddress(url) ? { name: 'open_link', url } : undefined), isSensitive: true },
};

const isTheme = (value: unknown): value is Theme => value === 'light' || value === 'dark' || value === 'system';

function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** What a call asks this page for; undefined if the page has no such tool, or does not understand its arguments. */
export const readPageCall = (name: string, given: Arguments): PageCall | undefined =>
  Object.hasOwn(TOOLS, name) ? TOOLS[name as PageToolName].read(given) : undefined;

export const isSensitive = ({ name }: PageCall): boolean => TOOLS[name].isSensitive;

/** Why a call was not carried out, as the model reads it. */
export interface ToolError {
  readonly error: 'declined' | 'failed' | 'not_available';
  readonly message: string;
}

export const declined: ToolError = { error: 'declined', message: 'The user has not allowed this.' };

export const notAvailable = (name: string): ToolError => ({
  error: 'not_available',
  message: `This page has no tool "${name}", or does not understand these arguments. Go on without it.`,
});

export const failedBy = (error: unknown): ToolError => ({
  error: 'failed',
  message: error instanceof Error ? error.message : String(error),
});

/** The error in what a call has returned; undefined if it has returned something else. */
export function errorOf(output: unknown): ToolError['error'] | undefined {
  if (typeof output !== 'object' || output === null || !('error' in output)) return undefined;
  return (['declined', 'failed', 'not_available'] as const).find((one) => one === output.error);
}

/** Something that an assistant tells the page, without an answer. */
export interface ClientEffect {
  readonly name: string;
  readonly data: Arguments;
}

/** What an effect does here; undefined for those that are meant for other pages. */
export const effectCall = ({ name, data }: ClientEffect): PageCall | undefined =>
  name === 'set_theme' ? readPageCall(name, data) : undefined;
