import { useContext } from 'react';
import type { Node } from '../kind.js';
import { WidgetIcon } from '../icons/icon.js';
import { flag, oneOf, optionalText, text } from '../props.js';
import { useAction } from '../use-action.js';
import { FormContext } from '../widget-context.js';
import { controlSize } from './field.js';

const COLORS = ['primary', 'secondary', 'info', 'discovery', 'success', 'caution', 'warning', 'danger'] as const;
const ICON_SIZES = ['sm', 'md', 'lg', 'xl', '2xl'] as const;
const VARIANTS = ['solid', 'soft', 'outline', 'ghost'] as const;

interface Look {
  readonly variant: string;
  readonly color: string;
  readonly size: string;
  readonly pill: boolean;
  readonly isUniform?: boolean;
  readonly isBlock?: boolean;
}

interface ActionButtonProps {
  readonly label: string;
  readonly action: unknown;
  readonly auto: 'self' | 'container';
  /** Sends the form around it, or its own action with the form's values. */
  readonly isSubmit?: boolean;
  readonly isDisabled?: boolean;
  readonly look: Look;
  readonly icons?: {
    readonly start: string | undefined;
    readonly end: string | undefined;
    readonly size: string | undefined;
  };
}

export function ActionButton({
  label,
  action,
  auto,
  isSubmit = false,
  isDisabled = false,
  look,
  icons,
}: ActionButtonProps) {
  const form = useContext(FormContext);
  const used = useAction(action, auto);
  const { start, end, size } = icons ?? {};
  const click = (): void => {
    if (isDisabled || used.isBusy) return;
    if (isSubmit && form && !used.action) form.submit();
    else if (!isSubmit || !form || form.isValid()) used.run();
  };
  return (
    <button
      type="button"
      className="w-button"
      data-variant={look.variant}
      data-tone={look.color}
      data-size={look.size}
      data-pill={look.pill || undefined}
      data-uniform={look.isUniform || undefined}
      data-block={look.isBlock || undefined}
      disabled={isDisabled}
      // Not `disabled`: it would lose the focus.
      aria-disabled={used.isBusy || undefined}
      aria-busy={used.isBusy || undefined}
      aria-label={label ? undefined : iconLabel(start ?? end)}
      onClick={click}
    >
      {used.isBusy ? (
        <span className="w-spinner" aria-hidden="true" />
      ) : (
        start && <WidgetIcon name={start} size={size} />
      )}
      {label && <span className="w-button-label">{label}</span>}
      {used.isDone ? <WidgetIcon name="check" size={size} /> : end && <WidgetIcon name={end} size={size} />}
    </button>
  );
}

const iconLabel = (name = ''): string => name.replace(/^\w+:/, '').replaceAll('-', ' ');

export function Button({ node }: { readonly node: Node<'Button'> }) {
  const isSecondary = node.style === 'secondary';
  const form = useContext(FormContext);
  const look: Look = {
    variant: oneOf(node.variant, VARIANTS) ?? (isSecondary ? 'outline' : 'solid'),
    color: oneOf(node.color, COLORS) ?? (isSecondary ? 'secondary' : 'primary'),
    size: controlSize(node.size),
    pill: node.pill !== false,
    isUniform: flag(node.uniform),
    isBlock: flag(node.block),
  };
  const icons = {
    start: optionalText(node.iconStart),
    end: optionalText(node.iconEnd),
    size: oneOf(node.iconSize, ICON_SIZES),
  };
  return (
    <ActionButton
      label={text(node.label)}
      action={node.onClickAction}
      auto={form ? 'container' : 'self'}
      isSubmit={flag(node.submit)}
      isDisabled={flag(node.disabled)}
      look={look}
      icons={icons}
    />
  );
}
