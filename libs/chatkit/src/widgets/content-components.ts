import { z } from 'zod';
import { IconName } from './icon-name.js';
import { block, Color, component, ControlSize, Length, TextAlign, Weight } from './widget-props.js';

// Components that show something and contain no others [WG-2].

export const SpacerComponent = component('Spacer', { minSize: Length.optional() });

export const DividerComponent = component('Divider', {
  color: Color.optional(),
  size: Length.optional(),
  spacing: Length.optional(),
  flush: z.boolean().optional(),
});

const inForm = z.looseObject({
  name: z.string(),
  autoFocus: z.boolean().optional(),
  autoSelect: z.boolean().optional(),
  autoComplete: z.string().optional(),
  allowAutofillExtensions: z.boolean().optional(),
  pattern: z.string().optional(),
  placeholder: z.string().optional(),
  required: z.boolean().optional(),
});

/** Text; with an `id` it can grow while it streams [WD-4]. */
export const TextComponent = component('Text', {
  value: z.string(),
  streaming: z.boolean().optional(),
  italic: z.boolean().optional(),
  lineThrough: z.boolean().optional(),
  color: Color.optional(),
  weight: Weight.optional(),
  width: Length.optional(),
  size: z.enum(['xs', 'sm', 'md', 'lg', 'xl']).optional(),
  textAlign: TextAlign.optional(),
  truncate: z.boolean().optional(),
  minLines: z.int().optional(),
  maxLines: z.int().optional(),
  editable: z.union([z.literal(false), inForm]).optional(),
});

/** Text in Markdown; with an `id` it can grow while it streams [WD-4]. */
export const MarkdownComponent = component('Markdown', { value: z.string(), streaming: z.boolean().optional() });

const heading = {
  value: z.string(),
  color: Color.optional(),
  weight: Weight.optional(),
  textAlign: TextAlign.optional(),
  truncate: z.boolean().optional(),
  maxLines: z.int().optional(),
};

export const TitleComponent = component('Title', {
  ...heading,
  size: z.enum(['sm', 'md', 'lg', 'xl', '2xl', '3xl', '4xl', '5xl']).optional(),
});

const smallSize = z.enum(['sm', 'md', 'lg']);

export const CaptionComponent = component('Caption', { ...heading, size: smallSize.optional() });

export const BadgeComponent = component('Badge', {
  label: z.string(),
  color: z.enum(['secondary', 'success', 'danger', 'warning', 'info', 'discovery']).optional(),
  variant: z.enum(['solid', 'soft', 'outline']).optional(),
  size: smallSize.optional(),
  pill: z.boolean().optional(),
});

export const IconComponent = component('Icon', {
  name: IconName,
  color: Color.optional(),
  size: z.enum(['xs', 'sm', 'md', 'lg', 'xl', '2xl', '3xl']).optional(),
});

export const ImageComponent = component('Image', {
  src: z.string(),
  alt: z.string().optional(),
  fit: z.enum(['cover', 'contain', 'fill', 'scale-down', 'none']).optional(),
  position: z
    .enum(['top left', 'top', 'top right', 'left', 'center', 'right', 'bottom left', 'bottom', 'bottom right'])
    .optional(),
  frame: z.boolean().optional(),
  flush: z.boolean().optional(),
  flex: Length.optional(),
  background: Color.optional(),
  ...block,
});

export const LabelComponent = component('Label', {
  value: z.string(),
  fieldName: z.string(),
  size: ControlSize.optional(),
  weight: Weight.optional(),
  textAlign: TextAlign.optional(),
  color: Color.optional(),
});
