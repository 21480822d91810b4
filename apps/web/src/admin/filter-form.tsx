import { type ReactNode, type SubmitEvent, useLayoutEffect, useRef } from 'react';
import { go } from './route.js';

interface FilterFormProps {
  /** The view that is filtered. */
  readonly path: string;
  /** Its filters, by the names of the fields. */
  readonly query: URLSearchParams;
  readonly children: ReactNode;
}

/** The filters of a view. They are in its address, which can be bookmarked and shared. */
export function FilterForm({ path, query, children }: FilterFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const filters = query.toString();
  // The fields stay the same elements, so that the one with the focus keeps it when a filter is applied.
  useLayoutEffect(() => {
    if (form.current) fill(form.current, new URLSearchParams(filters));
  }, [filters]);
  const onSubmit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = queryOf(event.currentTarget);
    go(given.size > 0 ? `${path}?${given}` : path);
  };
  return (
    <form ref={form} className="a-filter" role="search" onSubmit={onSubmit}>
      {children}
    </form>
  );
}

const fieldsOf = ({ elements }: HTMLFormElement) =>
  [...elements].filter((field) => field instanceof HTMLInputElement || field instanceof HTMLSelectElement);

function fill(form: HTMLFormElement, query: URLSearchParams): void {
  for (const field of fieldsOf(form)) {
    const value = query.get(field.name) ?? '';
    field.value = field.type === 'datetime-local' ? localTime(value) : value;
  }
}

/** Fields that are empty are left out. */
function queryOf(form: HTMLFormElement): URLSearchParams {
  const query = new URLSearchParams();
  for (const field of fieldsOf(form)) {
    const value = field.value.trim();
    if (value === '') continue;
    query.set(field.name, field.type === 'datetime-local' ? new Date(value).toISOString() : value);
  }
  return query;
}

/** A moment by the clock of the person, without a zone, as the field takes it. */
function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
