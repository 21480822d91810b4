import { createContext, useContext } from 'react';
import type { FieldValues, WidgetAction } from '../../protocol/widgets.js';

/** An action that runs, or waits for the one before it. */
export interface Running {
  readonly action: WidgetAction;
  /** Values of fields that go into its payload. */
  readonly values: FieldValues;
  /** The component that sent it. */
  readonly source: string;
  /** What shows that it runs, and takes no clicks meanwhile: nothing, the component or the whole widget. */
  readonly loading: 'none' | 'self' | 'container';
}

/** What the components of one widget share. */
export interface WidgetScope {
  /** Begins the ids of its fields, which are unique on the page that way. */
  readonly prefix: string;
  /** Names of fields that a `Label` of the widget names. */
  readonly labelled: ReadonlySet<string>;
  /** The running action, and those that wait. */
  readonly busy: readonly Running[];
  /** The component whose action was the last to succeed, until the widget changes. */
  readonly done: string | undefined;
  run(next: Running): void;
}

export const WidgetContext = createContext<WidgetScope>({
  prefix: '',
  labelled: new Set(),
  busy: [],
  done: undefined,
  run: () => undefined,
});

export const useWidget = (): WidgetScope => useContext(WidgetContext);

/** The form around a component. */
export interface FormScope {
  /** The values of all its fields. */
  values(): FieldValues;
  /** Whether what is required is there; what is missing is pointed out. */
  isValid(): boolean;
  /** Sends its action, if what is required is there. */
  submit(): void;
}

export const FormContext = createContext<FormScope | undefined>(undefined);
