import { z } from 'zod';

// What several components have in common, [WG-1] and the enums below the table of [WG-2].

/** A number of pixels or of the theme's steps, or a CSS length. */
export const Length = z.union([z.number(), z.string()]);
/** A token of the theme or a CSS colour, or one for each theme. */
export const Color = z.union([z.string(), z.looseObject({ light: z.string(), dark: z.string() })]);
export const Spacing = z.union([
  Length,
  z.looseObject({
    top: Length.optional(),
    right: Length.optional(),
    bottom: Length.optional(),
    left: Length.optional(),
    x: Length.optional(),
    y: Length.optional(),
  }),
]);

export const Align = z.enum(['start', 'center', 'end', 'baseline', 'stretch']);
export const Justify = z.enum(['start', 'center', 'end', 'between', 'around', 'evenly', 'stretch']);
export const Direction = z.enum(['row', 'col']);
export const Theme = z.enum(['light', 'dark']);
export const TextAlign = z.enum(['start', 'center', 'end']);
export const Weight = z.enum(['normal', 'medium', 'semibold', 'bold']);
export const Variant = z.enum(['solid', 'soft', 'outline', 'ghost']);
export const ControlSize = z.enum(['3xs', '2xs', 'xs', 'sm', 'md', 'lg', 'xl', '2xl', '3xl']);
const Radius = z.enum(['2xs', 'xs', 'sm', 'md', 'lg', 'xl', '2xl', '3xl', '4xl', 'full', '100%', 'none']);

const BorderStyle = z.enum(['solid', 'dashed', 'dotted', 'double', 'groove', 'ridge', 'inset', 'outset']);
const Border = z.looseObject({ size: z.number(), color: Color.optional(), style: BorderStyle.optional() });
const Side = z.union([z.int(), Border]);
export const Borders = z.union([
  Side,
  z.looseObject({
    top: Side.optional(),
    right: Side.optional(),
    bottom: Side.optional(),
    left: Side.optional(),
    x: Side.optional(),
    y: Side.optional(),
  }),
]);

/** A component of this type. Unknown props are preserved [WG-5]. */
export function component<Type extends string, Props extends z.ZodRawShape>(type: Type, props: Props) {
  return z.looseObject({ type: z.literal(type), key: z.string().optional(), id: z.string().optional(), ...props });
}

/** BLOCK in the table of [WG-2]. */
export const block = {
  height: Length.optional(),
  width: Length.optional(),
  size: Length.optional(),
  minHeight: Length.optional(),
  minWidth: Length.optional(),
  minSize: Length.optional(),
  maxHeight: Length.optional(),
  maxWidth: Length.optional(),
  maxSize: Length.optional(),
  aspectRatio: Length.optional(),
  radius: Radius.optional(),
  margin: Spacing.optional(),
};

/** BOX in the table of [WG-2], without its children. */
export const box = {
  align: Align.optional(),
  justify: Justify.optional(),
  wrap: z.enum(['nowrap', 'wrap', 'wrap-reverse']).optional(),
  flex: Length.optional(),
  gap: Length.optional(),
  padding: Spacing.optional(),
  border: Borders.optional(),
  background: Color.optional(),
  ...block,
};
