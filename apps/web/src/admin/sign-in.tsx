import { type SubmitEvent, useState } from 'react';
import { Brand } from '../page/brand.js';
import { ask } from './api.js';
import { Problem } from './notes.js';
import type { Session } from './types.js';
import { useArrival } from './use-arrival.js';
import { useAttempt } from './use-attempt.js';

interface SignInProps {
  /** Why nobody is signed in. */
  readonly why: string;
  readonly onSignedIn: (session: Session) => void;
}

/** Takes any credential of an administrator, once; after that a cookie that scripts cannot read identifies them. */
export function SignIn({ why, onSignedIn }: SignInProps) {
  useArrival('Sign in');
  const [token, setToken] = useState('');
  const { problem, attempt } = useAttempt();
  const signIn = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const headers = { authorization: `Bearer ${token.trim()}` };
    void attempt(async () => onSignedIn(await ask<Session>('session', { method: 'POST', headers })));
  };
  return (
    <main className="a-sign-in">
      <Brand />
      <h1>Administration</h1>
      <p className="a-note">{why}</p>
      <form onSubmit={signIn}>
        <input type="text" name="username" autoComplete="username" value="administrator" readOnly hidden />
        <label>
          Administrator token
          <input
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <Problem message={problem} />
        <button type="submit" className="a-button primary">
          Sign in
        </button>
      </form>
      <p className="a-note">
        The value of <code>ADMIN_TOKEN</code>, an API key with the scope <code>admin</code>, or a token with the role{' '}
        <code>admin</code>.
      </p>
    </main>
  );
}
