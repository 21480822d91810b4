import { duringSuite } from './during-suite.js';
import { start } from './fake-provider.mjs';

/** What the fake provider saw of one call. */
export interface ProviderCall {
  readonly wire: 'chat' | 'responses';
  readonly model: string;
  /** The conversation, flattened; see the comment at the top of fake-provider.mjs. */
  readonly input: readonly unknown[];
  /** The product closed the connection before the answer was complete. */
  readonly cancelled?: boolean;
  /** When it did, ISO 8601. */
  readonly cancelled_at?: string;
}

export interface FakeProvider {
  /** Base URL for OPENAI_BASE_URL. */
  readonly url: string;
  /** Its control URL, for what scripts it by itself. */
  readonly control: string;
  /** Replaces the scripts that the next calls take, and forgets the calls so far. */
  script(scripts: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  calls(): Promise<ProviderCall[]>;
  close(): Promise<void>;
}

/** Starts the scripted provider on a free loopback port. */
export async function startProvider(): Promise<FakeProvider> {
  const { url, control, close } = await start({ port: 0 });
  return {
    url,
    control,
    async script(scripts) {
      const response = await fetch(control, { method: 'POST', body: JSON.stringify({ scripts }) });
      if (!response.ok) throw new Error(`the fake provider refused its scripts: ${await response.text()}`);
    },
    async calls() {
      const response = await fetch(`${control}/calls`);
      return ((await response.json()) as { calls: ProviderCall[] }).calls;
    },
    close,
  };
}

/** A scripted provider for the tests of a suite. */
export const useProvider = (): FakeProvider => duringSuite(startProvider, (provider) => provider.close());
