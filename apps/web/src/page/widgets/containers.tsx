import { type CSSProperties, useId, useState } from 'react';
import { texts } from '../../i18n/texts.js';
import { isOwnImage } from '../markdown/allowed-url.js';
import { colorOf } from './colors.js';
import { ActionButton } from './controls/button.js';
import { FormBox } from './form-box.js';
import { WidgetIcon } from './icons/icon.js';
import { childrenOf, type Node } from './kind.js';
import { Children, NodeView, withKeys } from './node-view.js';
import {
  alignOf,
  borderOf,
  count,
  directionOf,
  flag,
  justifyOf,
  oneOf,
  optionalText,
  paddingOf,
  record,
  space,
  text,
  themeOf,
} from './props.js';
import { textOfNode } from './text-of-node.js';
import { useAction } from './use-action.js';

const CARD_SIZES = ['sm', 'md', 'lg', 'full'] as const;

export function Card({ node }: { readonly node: Node<'Card'> }) {
  const isForm = flag(node.asForm);
  const [isOpen, setOpen] = useState(!flag(node.collapsed));
  const body = useId();
  const { paddingInlineStart, paddingInlineEnd, paddingBlockStart, paddingBlockEnd } = paddingOf(node.padding);
  const style = {
    ...themeOf(node.theme),
    ...borderOf(node.border),
    backgroundColor: colorOf(node.background, 'surface'),
    // For children that reach to the edges.
    '--w-start': paddingInlineStart,
    '--w-end': paddingInlineEnd,
    '--w-top': paddingBlockStart,
    '--w-bottom': paddingBlockEnd,
  } as CSSProperties;
  const content = (
    <>
      <div className="w-card-body">
        <Children of={node.children} />
      </div>
      <CardFoot node={node} />
    </>
  );
  return (
    <div className="w-card" data-size={oneOf(node.size, CARD_SIZES) ?? 'md'} style={style}>
      <Status status={node.status} />
      {flag(node.collapsed) && (
        <button
          type="button"
          className="w-collapse"
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={() => setOpen(!isOpen)}
        >
          <WidgetIcon name="chevron-right" size="sm" />
          {isOpen ? texts.widgets.hideDetails : texts.widgets.showDetails}
        </button>
      )}
      <div id={body} hidden={flag(node.collapsed) && !isOpen}>
        {isForm ? <CardForm node={node}>{content}</CardForm> : content}
      </div>
    </div>
  );
}

interface CardFormProps {
  readonly node: Node<'Card'>;
  readonly children: React.ReactNode;
}

/** Enter in a field confirms. */
function CardForm({ node, children }: CardFormProps) {
  const { run } = useAction(record(node.confirm)?.['action'], 'container');
  return (
    <FormBox className="w-card-form" onSubmit={run}>
      {children}
    </FormBox>
  );
}

function CardFoot({ node }: { readonly node: Node<'Card'> }) {
  const [confirm, cancel] = [record(node.confirm), record(node.cancel)];
  if (!confirm && !cancel) return null;
  return (
    <div className="w-card-foot">
      {cancel && (
        <ActionButton
          label={optionalText(cancel['label']) ?? texts.core.cancel}
          action={cancel['action']}
          auto="container"
          look={{ variant: 'outline', color: 'secondary', size: 'md', pill: true }}
        />
      )}
      {confirm && (
        <ActionButton
          label={optionalText(confirm['label']) ?? texts.widgets.confirm}
          action={confirm['action']}
          auto="container"
          isSubmit={flag(node.asForm)}
          look={{ variant: 'solid', color: 'primary', size: 'md', pill: true }}
        />
      )}
    </div>
  );
}

/** A line above a card or a list: where it comes from, or what has become of it. */
function Status({ status }: { readonly status: unknown }) {
  const { text: said, icon, favicon, frame } = record(status) ?? {};
  if (!text(said)) return null;
  const image = text(favicon);
  return (
    <p className="w-status">
      {image !== '' && isOwnImage(image, location.origin) ? (
        <img src={image} alt="" data-frame={flag(frame) || undefined} />
      ) : (
        (image !== '' || text(icon) !== '') && <WidgetIcon name={optionalText(icon) ?? 'globe'} size="sm" />
      )}
      <span>{text(said)}</span>
    </p>
  );
}

/** How many entries a list shows at first if it leaves that open. */
const AUTO_LIMIT = 6;

export function ListView({ node }: { readonly node: Node<'ListView'> }) {
  const [isWhole, setWhole] = useState(false);
  const entries = childrenOf(node.children);
  const limit = node.limit === 'auto' ? AUTO_LIMIT : count(node.limit);
  const shown = isWhole || limit === undefined ? entries : entries.slice(0, limit);
  const hidden = entries.length - shown.length;
  return (
    <div className="w-list" style={themeOf(node.theme)}>
      <Status status={node.status} />
      <ul>
        {withKeys(shown).map(({ key, node: entry }) =>
          entry.type === 'ListViewItem' ? (
            <NodeView key={key} node={entry} />
          ) : (
            <li key={key} className="w-list-item">
              <NodeView node={entry} />
            </li>
          ),
        )}
      </ul>
      {hidden > 0 && (
        <button type="button" className="w-more" onClick={() => setWhole(true)}>
          {texts.widgets.showMore(hidden)}
        </button>
      )}
    </div>
  );
}

export function ListViewItem({ node }: { readonly node: Node<'ListViewItem'> }) {
  const { action, isBusy, run } = useAction(node.onClickAction, 'self');
  return (
    <li
      className="w-list-item"
      data-clickable={action ? true : undefined}
      aria-busy={isBusy || undefined}
      style={{ gap: space(node.gap), alignItems: alignOf(node.align) }}
    >
      <Children of={node.children} />
      {/* Covers the entry, below what else can be clicked in it. */}
      {action && (
        <button
          type="button"
          className="w-hit"
          aria-label={textOfNode(node) || action.type}
          aria-disabled={isBusy}
          onClick={() => (isBusy ? undefined : run())}
        />
      )}
      {isBusy && <span className="w-spinner" aria-hidden="true" />}
    </li>
  );
}

export function Basic({ node }: { readonly node: Node<'Basic'> }) {
  const style: CSSProperties = {
    ...themeOf(node.theme),
    ...paddingOf(node.padding),
    flexDirection: directionOf(node.direction),
    gap: space(node.gap),
    alignItems: alignOf(node.align),
    justifyContent: justifyOf(node.justify),
  };
  return (
    <div className="w-basic" style={style}>
      <Children of={node.children} />
    </div>
  );
}
