import type { ReactNode } from 'react';
import type { Loaded } from './use-loaded.js';

/** What went wrong, in the server's words. */
export function Problem({ message }: { readonly message: string | undefined }) {
  return message === undefined ? null : (
    <p className="a-problem" role="alert">
      {message}
    </p>
  );
}

export const Loading = () => <p className="a-note">Loading …</p>;

interface ShownProps<T> {
  readonly loaded: Loaded<T>;
  readonly children: (data: T) => ReactNode;
}

/** What was loaded. A failed refresh is reported above what is known. */
export function Shown<T>({ loaded: { data, error }, children }: ShownProps<T>) {
  return (
    <>
      <Problem message={error} />
      {data === undefined ? error === undefined && <Loading /> : children(data)}
    </>
  );
}
