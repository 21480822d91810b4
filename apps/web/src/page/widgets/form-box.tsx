import { type CSSProperties, type ReactNode, useContext, useMemo, useRef } from 'react';
import type { FieldValues } from '../../protocol/widgets.js';
import { areValid, fieldValues } from './field-values.js';
import { FormContext, type FormScope } from './widget-context.js';

interface FormBoxProps {
  readonly className: string;
  readonly style?: CSSProperties | undefined;
  /** `values` are those of its fields. */
  readonly onSubmit: (values: FieldValues) => void;
  readonly children: ReactNode;
}

/** A form of a widget. HTML has no forms within forms, so an inner one is a group. */
export function FormBox({ className, style, onSubmit, children }: FormBoxProps) {
  const isInner = useContext(FormContext) !== undefined;
  const element = useRef<HTMLFormElement & HTMLDivElement>(null);
  const send = useRef(onSubmit);
  send.current = onSubmit;
  const scope = useMemo<FormScope>(
    () => ({
      values: () => (element.current ? fieldValues(element.current) : {}),
      isValid: () => element.current !== null && areValid(element.current),
      submit: () => {
        if (element.current && areValid(element.current)) send.current(fieldValues(element.current));
      },
    }),
    [],
  );
  const content = <FormContext value={scope}>{children}</FormContext>;
  if (isInner) {
    return (
      <div ref={element} className={className} style={style} role="group">
        {content}
      </div>
    );
  }
  return (
    <form
      ref={element}
      className={className}
      style={style}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        scope.submit();
      }}
    >
      {content}
    </form>
  );
}
