import { useEffect, useState } from 'react';
import type { ChatKitFetch } from '../../../../libs/client/src/index.js';
import type { Memory } from '../chat/memory.js';
import type { Model } from '../protocol/types.js';
import { OfficialChat } from './official-chat.js';

interface OfficialPageProps {
  readonly chatFetch: ChatKitFetch;
  readonly memory: Memory;
  /** The component's script has been loaded. */
  readonly ready: Promise<void>;
  readonly models: Promise<readonly Model[]>;
}

type State =
  { readonly kind: 'loading' | 'unreachable' } | { readonly kind: 'ready'; readonly models: readonly Model[] };

/** The component, or a plain sentence if its script cannot be loaded. */
export function OfficialPage({ chatFetch, memory, ready, models }: OfficialPageProps) {
  const [state, setState] = useState<State>({ kind: 'loading' });
  useEffect(() => {
    Promise.all([models, ready]).then(
      ([list]) => setState({ kind: 'ready', models: list }),
      () => setState({ kind: 'unreachable' }),
    );
  }, [ready, models]);

  if (state.kind === 'ready') return <OfficialChat chatFetch={chatFetch} memory={memory} models={state.models} />;
  if (state.kind === 'loading') {
    return (
      <p className="sentence" role="status">
        Loading the ChatKit component …
      </p>
    );
  }
  return (
    <p className="sentence" role="alert">
      The official ChatKit component could not be loaded: cdn.platform.openai.com cannot be reached from this browser.{' '}
      <a href="/">The built-in page</a> needs nothing but this server.
    </p>
  );
}
