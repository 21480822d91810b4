import { useEffect, useState } from 'react';
import { Boundary } from '../page/boundary.js';
import { Brand } from '../page/brand.js';
import { ask, reasonOf } from './api.js';
import { AuditView } from './audit-view.js';
import { LimitsView } from './limits-view.js';
import { Link } from './link.js';
import { Loading } from './notes.js';
import { ProvidersView } from './providers-view.js';
import { type Route, useRoute } from './route.js';
import { RunView } from './runs/run-view.js';
import { RunsView } from './runs/runs-view.js';
import { SignIn } from './sign-in.js';
import type { Session } from './types.js';
import { UsageView } from './usage-view.js';
import { useArrival } from './use-arrival.js';
import { SIGNED_OUT } from './use-loaded.js';
import { WorkersView } from './workers-view.js';

const VIEWS = {
  runs: 'Runs',
  workers: 'Workers',
  providers: 'Providers',
  limits: 'Limits',
  usage: 'Usage',
  audit: 'Audit log',
} as const;

const nameOf = (view: string): string => Object.entries(VIEWS).find(([id]) => id === view)?.[1] ?? 'Administration';

/** Who is signed in, or why nobody is; undefined until the server has answered. */
type Known = Session | { readonly refused: string } | undefined;

export function Admin() {
  const [known, setKnown] = useState<Known>();
  useEffect(() => {
    const look = (): void =>
      void ask<Session>('session').then(setKnown, (error: unknown) => setKnown({ refused: reasonOf(error) }));
    look();
    addEventListener(SIGNED_OUT, look);
    return () => removeEventListener(SIGNED_OUT, look);
  }, []);
  if (!known) return <Loading />;
  if ('refused' in known) return <SignIn why={known.refused} onSignedIn={setKnown} />;
  return <Shell session={known} onSignedOut={() => setKnown({ refused: 'You have signed out.' })} />;
}

interface ShellProps {
  readonly session: Session;
  readonly onSignedOut: () => void;
}

function Shell({ session, onSignedOut }: ShellProps) {
  const route = useRoute();
  const main = useArrival(route.id ?? nameOf(route.view));
  const signOut = (): void => void ask('session', { method: 'DELETE' }).finally(onSignedOut);
  return (
    <div className="a-app">
      <header className="a-head">
        <Brand />
        <nav aria-label="Administration">
          <ul>
            {Object.entries(VIEWS).map(([view, name]) => (
              <li key={view}>
                <Link to={`/admin/${view}`} isCurrent={route.view === view}>
                  {name}
                </Link>
              </li>
            ))}
            <li>
              <a href="/admin/queues">Queues</a>
            </li>
          </ul>
        </nav>
        <button type="button" className="quiet" onClick={signOut} title={`Signed in as ${session.actor}`}>
          Sign out
        </button>
      </header>
      <main className="a-main" ref={main} tabIndex={-1}>
        <Boundary
          content={route.view}
          fallback={<p className="a-problem">This view could not be shown. Reload the page.</p>}
        >
          <View route={route} session={session} />
        </Boundary>
      </main>
    </div>
  );
}

function View({ route, session }: { readonly route: Route; readonly session: Session }) {
  const { view, id, query } = route;
  switch (view) {
    case 'runs':
      return id === undefined ? <RunsView query={query} /> : <RunView key={id} id={id} mayRead={session.may_read} />;
    case 'workers':
      return <WorkersView />;
    case 'providers':
      return <ProvidersView />;
    case 'limits':
      return <LimitsView />;
    case 'usage':
      return <UsageView query={query} />;
    case 'audit':
      return <AuditView query={query} />;
    default:
      return <p className="a-note">There is no page at this address.</p>;
  }
}
