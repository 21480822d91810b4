import type { ChatKitFetch } from '../create-chatkit-fetch.js';
import { besideChat } from '../server-routes.js';
import { ConnectionProblem } from './connection-problem.js';

/** An assistant as `GET /config` lists it; the fields are named as ChatKit's options are. */
export interface ServerAssistant {
  readonly id: string;
  readonly name: string;
  readonly default: boolean;
  readonly description?: string;
  readonly greeting?: string;
  readonly placeholder?: string;
  /** Markdown. */
  readonly disclaimer?: string;
  readonly prompts?: readonly { readonly label: string; readonly prompt: string; readonly icon?: string }[];
  readonly composerTools?: readonly { readonly id: string; readonly label: string; readonly icon: string }[];
  /** Whether it can turn speech into text. */
  readonly dictation: boolean;
}

/** What `GET /config` answers, as far as pages with the component need it. */
export interface ServerConfig {
  readonly domainKey: string | null;
  readonly uploadStrategy: { readonly type: 'two_phase' } | { readonly type: 'direct'; readonly uploadUrl: string };
  readonly attachments: {
    readonly maxCount: number;
    /** Bytes. */
    readonly maxSize: number;
    readonly accept: Readonly<Record<string, readonly string[]>>;
  };
  readonly features: { readonly feedback?: boolean; readonly retry?: boolean };
  /** The default one first; empty as long as no worker is there. */
  readonly assistants: readonly ServerAssistant[];
}

export interface ServerModel {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly default: boolean;
}

export interface ServerFacts {
  readonly config: ServerConfig;
  readonly models: readonly ServerModel[];
}

/** What a page must know of the server. Rejects with `ConnectionProblem`. */
export async function readServer(chatFetch: ChatKitFetch, chatUrl: string): Promise<ServerFacts> {
  const [config, models] = await Promise.all([
    readConfig(chatFetch, besideChat(chatUrl, 'config')),
    readModels(chatFetch, besideChat(chatUrl, 'models')),
  ]);
  return { config, models };
}

async function readConfig(chatFetch: ChatKitFetch, url: string): Promise<ServerConfig> {
  const response = await chatFetch(url).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  const config = (await response.json().catch(() => undefined)) as Partial<ServerConfig> | undefined;
  if (response.ok && config?.uploadStrategy && config.attachments) {
    return { features: {}, assistants: [], domainKey: null, ...config } as ServerConfig;
  }
  throw new ConnectionProblem(
    'no_relay',
    `${url} is no ChatKit Relay: it answered ${response.status}. The option \`url\` must be the address of its /chatkit.`,
  );
}

/** The page works without: the server's default model answers. */
async function readModels(chatFetch: ChatKitFetch, url: string): Promise<readonly ServerModel[]> {
  try {
    const { models } = (await (await chatFetch(url)).json()) as { models?: readonly ServerModel[] };
    return Array.isArray(models) ? models : [];
  } catch {
    return [];
  }
}

/** To a page, a refusal by CORS looks like a server that is not there. */
function unreachable(url: string, error: unknown): ConnectionProblem {
  const { origin } = new URL(url);
  if (location.protocol === 'https:' && url.startsWith('http:')) {
    return new ConnectionProblem(
      'mixed',
      `Browsers do not let a page on https:// call ${origin}: give the server a certificate, or a path of this site (/chatkit).`,
    );
  }
  const foreign = origin !== location.origin;
  const hint = foreign ? ` Is it running, and was it started with CORS_ORIGINS=${location.origin}?` : ' Is it running?';
  return new ConnectionProblem('unreachable', `${origin} cannot be reached from this page (${String(error)}).${hint}`);
}
