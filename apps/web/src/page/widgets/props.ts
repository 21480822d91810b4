import type { CSSProperties } from 'react';
import { colorOf } from './colors.js';

// Props come from an assistant, and may be anything: these functions give what they can mean, or nothing.

export const flag = (value: unknown): boolean => value === true;

/** Text, also of a number; else nothing. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

export const optionalText = (value: unknown): string | undefined => text(value) || undefined;

/** A count of lines or rows. */
export function count(value: unknown): number | undefined {
  const number = Math.trunc(Number(value));
  return value !== null && value !== '' && number > 0 && number < 1_000 ? number : undefined;
}

/** One of the given words. */
export const oneOf = <Word extends string>(value: unknown, words: readonly Word[]): Word | undefined =>
  words.find((word) => word === value);

export const record = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

/** The objects in a list. */
export function records(value: unknown): Readonly<Record<string, unknown>>[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.map(record).filter((entry) => entry !== undefined);
}

/** What a length can be made of; longer ones are not lengths. */
const CSS_LENGTH = /^[\w\s.%+*/(),-]{1,60}$/;

function css(value: unknown, unit: (steps: number) => string): string | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return unit(number);
  return typeof value === 'string' && CSS_LENGTH.test(value) ? value : undefined;
}

/** A size: a number of pixels, or a CSS length. */
export const size = (value: unknown): string | undefined => css(value, (pixels) => `${pixels}px`);
/** A distance: a number of steps of a quarter rem, or a CSS length. */
export const space = (value: unknown): string | undefined => css(value, (steps) => `${steps / 4}rem`);
const plain = (value: unknown): string | undefined => css(value, String);

type Sides<T> = Partial<Record<'top' | 'right' | 'bottom' | 'left', T>>;

/** `x` and `y` stand for two sides each; a side's own value goes before them. */
function sides<T>(value: unknown, read: (side: unknown) => T | undefined): Sides<T> {
  const given = record(value);
  const isSides = given && ['top', 'right', 'bottom', 'left', 'x', 'y'].some((side) => side in given);
  if (!isSides) {
    const all = read(value);
    return { top: all, right: all, bottom: all, left: all };
  }
  const [x, y] = [given['x'], given['y']].map(read);
  return {
    top: read(given['top']) ?? y,
    right: read(given['right']) ?? x,
    bottom: read(given['bottom']) ?? y,
    left: read(given['left']) ?? x,
  };
}

/** Left and right are those of a language that is written from left to right, and are mirrored in others. */
export function paddingOf(value: unknown): CSSProperties {
  const { top, right, bottom, left } = sides(value, space);
  return { paddingBlockStart: top, paddingInlineEnd: right, paddingBlockEnd: bottom, paddingInlineStart: left };
}

function marginOf(value: unknown): CSSProperties {
  const { top, right, bottom, left } = sides(value, space);
  return { marginBlockStart: top, marginInlineEnd: right, marginBlockEnd: bottom, marginInlineStart: left };
}

const BORDER_STYLES = ['solid', 'dashed', 'dotted', 'double', 'groove', 'ridge', 'inset', 'outset'] as const;

function borderSide(value: unknown): string | undefined {
  if (typeof value === 'number') return `${value}px solid var(--line)`;
  const border = record(value);
  const width = size(border?.['size']);
  if (!border || !width) return undefined;
  return `${width} ${oneOf(border['style'], BORDER_STYLES) ?? 'solid'} ${colorOf(border['color'], 'border') ?? 'var(--line)'}`;
}

export function borderOf(value: unknown): CSSProperties {
  const { top, right, bottom, left } = sides(value, borderSide);
  return { borderBlockStart: top, borderInlineEnd: right, borderBlockEnd: bottom, borderInlineStart: left };
}

const RADII: Readonly<Record<string, string>> = {
  none: '0',
  '2xs': '0.125rem',
  xs: '0.25rem',
  sm: '0.375rem',
  md: '0.5rem',
  lg: '0.625rem',
  xl: '0.75rem',
  '2xl': '1rem',
  '3xl': '1.25rem',
  '4xl': '1.5rem',
  full: '999px',
  '100%': '100%',
};

interface BlockProps {
  readonly height?: unknown;
  readonly width?: unknown;
  readonly size?: unknown;
  readonly minHeight?: unknown;
  readonly minWidth?: unknown;
  readonly minSize?: unknown;
  readonly maxHeight?: unknown;
  readonly maxWidth?: unknown;
  readonly maxSize?: unknown;
  readonly aspectRatio?: unknown;
  readonly radius?: unknown;
  readonly margin?: unknown;
}

/** BLOCK of [WG-2]: `size` stands for width and height. */
export function blockStyle(node: BlockProps): CSSProperties {
  const [both, min, max] = [node.size, node.minSize, node.maxSize].map(size);
  return {
    width: size(node.width) ?? both,
    height: size(node.height) ?? both,
    minWidth: size(node.minWidth) ?? min,
    minHeight: size(node.minHeight) ?? min,
    maxWidth: size(node.maxWidth) ?? max,
    maxHeight: size(node.maxHeight) ?? max,
    aspectRatio: plain(typeof node.aspectRatio === 'string' ? node.aspectRatio.replace(':', '/') : node.aspectRatio),
    borderRadius: typeof node.radius === 'string' ? RADII[node.radius] : undefined,
    ...marginOf(node.margin),
  };
}

const ALIGN: Readonly<Record<string, string>> = {
  start: 'flex-start',
  center: 'center',
  end: 'flex-end',
  baseline: 'baseline',
  stretch: 'stretch',
};
const JUSTIFY: Readonly<Record<string, string>> = {
  start: 'flex-start',
  center: 'center',
  end: 'flex-end',
  between: 'space-between',
  around: 'space-around',
  evenly: 'space-evenly',
  stretch: 'stretch',
};
const word = (words: Readonly<Record<string, string>>, value: unknown): string | undefined =>
  typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;

export const alignOf = (value: unknown): string | undefined => word(ALIGN, value);
export const justifyOf = (value: unknown): string | undefined => word(JUSTIFY, value);
export const directionOf = (value: unknown): 'row' | 'column' | undefined =>
  word({ row: 'row', col: 'column' }, value) as 'row' | 'column' | undefined;
export const flexOf = (value: unknown): string | undefined => plain(value);

interface BoxProps extends BlockProps {
  readonly align?: unknown;
  readonly justify?: unknown;
  readonly wrap?: unknown;
  readonly flex?: unknown;
  readonly gap?: unknown;
  readonly padding?: unknown;
  readonly border?: unknown;
  readonly background?: unknown;
}

/** BOX of [WG-2]. */
export function boxStyle(node: BoxProps): CSSProperties {
  return {
    ...blockStyle(node),
    ...paddingOf(node.padding),
    ...borderOf(node.border),
    alignItems: alignOf(node.align),
    justifyContent: justifyOf(node.justify),
    flexWrap: oneOf(node.wrap, ['nowrap', 'wrap', 'wrap-reverse']),
    flex: flexOf(node.flex),
    gap: space(node.gap),
    // Not `background`: that could be an image of another host.
    backgroundColor: colorOf(node.background, 'surface'),
  };
}

export const themeOf = (value: unknown): CSSProperties => ({ colorScheme: oneOf(value, ['light', 'dark']) });
