import { type CSSProperties, useState } from 'react';
import { texts } from '../../i18n/texts.js';
import { Markdown } from '../markdown/markdown.js';
import { allowedUrl, isOwnImage } from '../markdown/allowed-url.js';
import { colorOf } from './colors.js';
import { EditableText } from './controls/editable-text.js';
import { WidgetIcon } from './icons/icon.js';
import type { Node } from './kind.js';
import { blockStyle, count, flag, flexOf, oneOf, optionalText, record, size, space, text } from './props.js';
import { fieldId, labelId } from './controls/field.js';
import { useWidget } from './widget-context.js';

const WEIGHTS: Readonly<Record<string, number>> = { normal: 400, medium: 500, semibold: 600, bold: 700 };
const TEXT_SIZES = ['xs', 'sm', 'md', 'lg', 'xl'] as const;

interface TextLook {
  readonly color?: unknown;
  readonly weight?: unknown;
  readonly textAlign?: unknown;
}

function textStyle({ color, weight, textAlign }: TextLook): CSSProperties {
  return {
    color: colorOf(color, 'text'),
    fontWeight: typeof weight === 'string' ? WEIGHTS[weight] : undefined,
    textAlign: oneOf(textAlign, ['start', 'center', 'end']),
  };
}

/** Cuts text after one line, or after some. */
const clamp = (truncate: unknown, maxLines: unknown) => ({
  'data-truncate': flag(truncate) || undefined,
  'data-clamp': count(maxLines) === undefined ? undefined : true,
});
const lines = (maxLines: unknown): CSSProperties => ({ WebkitLineClamp: count(maxLines) });

export function Text({ node }: { readonly node: Node<'Text'> }) {
  const { streaming, italic, lineThrough, minLines, maxLines } = node;
  const style: CSSProperties = {
    ...textStyle(node),
    width: size(node.width),
    fontStyle: flag(italic) ? 'italic' : undefined,
    textDecoration: flag(lineThrough) ? 'line-through' : undefined,
    minBlockSize: count(minLines) && `${count(minLines)}lh`,
  };
  const look = oneOf(node.size, TEXT_SIZES) ?? 'md';
  const field = record(node.editable);
  if (field)
    return <EditableText value={text(node.value)} field={field} size={look} style={style} lines={count(minLines)} />;
  return (
    <p
      className="w-text"
      data-size={look}
      data-streaming={flag(streaming) || undefined}
      {...clamp(node.truncate, maxLines)}
      style={{ ...style, ...lines(maxLines) }}
    >
      {text(node.value)}
    </p>
  );
}

export function MarkdownNode({ node }: { readonly node: Node<'Markdown'> }) {
  const { prefix } = useWidget();
  return (
    <div className="w-markdown" data-streaming={flag(node.streaming) || undefined}>
      <Markdown text={text(node.value)} scope={`${prefix}${text(node.id)}`} />
    </div>
  );
}

const TITLE_SIZES = ['sm', 'md', 'lg', 'xl', '2xl', '3xl', '4xl', '5xl'] as const;

export function Title({ node }: { readonly node: Node<'Title'> }) {
  return (
    <p
      className="w-title"
      data-size={oneOf(node.size, TITLE_SIZES) ?? 'md'}
      {...clamp(node.truncate, node.maxLines)}
      style={{ ...textStyle(node), ...lines(node.maxLines) }}
    >
      {text(node.value)}
    </p>
  );
}

export function Caption({ node }: { readonly node: Node<'Caption'> }) {
  return (
    <p
      className="w-caption"
      data-size={oneOf(node.size, ['sm', 'md', 'lg']) ?? 'md'}
      {...clamp(node.truncate, node.maxLines)}
      style={{ ...textStyle(node), ...lines(node.maxLines) }}
    >
      {text(node.value)}
    </p>
  );
}

const BADGE_COLORS = ['secondary', 'success', 'danger', 'warning', 'info', 'discovery'] as const;

export function Badge({ node }: { readonly node: Node<'Badge'> }) {
  return (
    <span
      className="w-badge"
      data-tone={oneOf(node.color, BADGE_COLORS) ?? 'secondary'}
      data-variant={oneOf(node.variant, ['solid', 'soft', 'outline']) ?? 'soft'}
      data-size={oneOf(node.size, ['sm', 'md', 'lg']) ?? 'sm'}
      data-pill={flag(node.pill) || undefined}
    >
      {text(node.label)}
    </span>
  );
}

const ICON_SIZES = ['xs', 'sm', 'md', 'lg', 'xl', '2xl', '3xl'] as const;

export function Icon({ node }: { readonly node: Node<'Icon'> }) {
  return (
    <WidgetIcon
      name={text(node.name)}
      size={oneOf(node.size, ICON_SIZES) ?? 'md'}
      style={{ color: colorOf(node.color, 'text') }}
    />
  );
}

export function Label({ node }: { readonly node: Node<'Label'> }) {
  const { prefix } = useWidget();
  const field = fieldId(prefix, text(node.fieldName));
  return (
    <label
      className="w-label"
      id={labelId(field)}
      htmlFor={field}
      data-size={optionalText(node.size) ?? 'sm'}
      style={textStyle(node)}
    >
      {text(node.value)}
    </label>
  );
}

const FITS = ['cover', 'contain', 'fill', 'scale-down', 'none'] as const;
const POSITION = /^(top|bottom|center|left|right)( (left|right))?$/;

/** An image of another host is not loaded, since that host would learn who reads what: a link takes its place. */
export function Image({ node }: { readonly node: Node<'Image'> }) {
  const [hasFailed, setFailed] = useState(false);
  const [source, alt, position] = [allowedUrl(text(node.src), 'src'), text(node.alt), text(node.position)];
  const shared = {
    'data-frame': flag(node.frame) || undefined,
    'data-flush': flag(node.flush) || undefined,
    style: { ...blockStyle(node), flex: flexOf(node.flex), backgroundColor: colorOf(node.background, 'surface') },
  };
  if (source === '' || hasFailed || !isOwnImage(source, location.origin)) {
    return <ImageElsewhere source={hasFailed ? '' : source} alt={alt} {...shared} />;
  }
  return (
    <img
      className="w-image"
      src={source}
      alt={alt}
      loading="lazy"
      onError={() => setFailed(true)}
      {...shared}
      style={{
        ...shared.style,
        objectFit: oneOf(node.fit, FITS) ?? 'cover',
        objectPosition: POSITION.test(position) ? position : undefined,
      }}
    />
  );
}

interface ImageElsewhereProps {
  readonly source: string;
  readonly alt: string;
  readonly style: CSSProperties;
}

function ImageElsewhere({ source, alt, ...shared }: ImageElsewhereProps) {
  const name = alt || hostOf(source);
  const label = name ? texts.widgets.imageNamed(name) : texts.widgets.image;
  const content = (
    <>
      <WidgetIcon name="square-image" size="md" />
      <span>{label}</span>
    </>
  );
  if (source === '') {
    return (
      <span className="w-image w-no-image" role="img" aria-label={label} title={label} {...shared}>
        {content}
      </span>
    );
  }
  return (
    <a
      className="w-image w-no-image"
      href={source}
      target="_blank"
      rel="noopener noreferrer"
      title={label}
      aria-label={label}
      {...shared}
    >
      {content}
    </a>
  );
}

function hostOf(source: string): string {
  try {
    return new URL(source).hostname;
  } catch {
    return '';
  }
}

export function Divider({ node }: { readonly node: Node<'Divider'> }) {
  return (
    <hr
      className="w-divider"
      data-flush={flag(node.flush) || undefined}
      style={{
        borderColor: colorOf(node.color, 'border'),
        borderBlockStartWidth: size(node.size),
        marginBlock: space(node.spacing),
      }}
    />
  );
}

export function Spacer({ node }: { readonly node: Node<'Spacer'> }) {
  return <div className="w-spacer" style={{ minInlineSize: size(node.minSize), minBlockSize: size(node.minSize) }} />;
}
