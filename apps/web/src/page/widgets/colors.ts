/** Where a colour is used: the same word means different colours for text, borders and surfaces. */
export type ColorUse = 'text' | 'border' | 'surface';

const WORDS: Readonly<Record<ColorUse, Readonly<Record<string, string>>>> = {
  text: {
    primary: 'var(--text)',
    default: 'var(--text)',
    prose: 'var(--text)',
    emphasis: 'var(--text)',
    secondary: 'var(--muted)',
    tertiary: 'var(--w-faint)',
    disabled: 'var(--w-faint)',
    inverse: 'var(--page)',
    accent: 'var(--accent)',
  },
  border: {
    default: 'var(--line)',
    primary: 'var(--line)',
    subtle: 'var(--w-subtle)',
    secondary: 'var(--w-subtle)',
    strong: 'var(--line-strong)',
    accent: 'var(--accent)',
  },
  surface: {
    default: 'var(--raised)',
    primary: 'var(--raised)',
    surface: 'var(--page)',
    'surface-secondary': 'var(--side)',
    'surface-tertiary': 'var(--bubble)',
    'surface-elevated': 'var(--raised)',
    'surface-elevated-secondary': 'var(--note)',
    secondary: 'var(--side)',
    tertiary: 'var(--bubble)',
    subtle: 'var(--note)',
    accent: 'var(--accent)',
  },
};

const TONES = ['success', 'danger', 'warning', 'caution', 'info', 'discovery'];

/** Hue and strength of the palettes, in OKLCH. */
const PALETTES: Readonly<Record<string, readonly [chroma: number, hue: number]>> = {
  gray: [0.008, 90],
  red: [0.2, 27],
  orange: [0.17, 55],
  yellow: [0.15, 92],
  green: [0.16, 150],
  teal: [0.11, 180],
  blue: [0.18, 256],
  purple: [0.2, 300],
  pink: [0.2, 350],
};
const PALETTE = /^([a-z]+)-(\d{1,4})$/;
const ALPHA = /^(?:(black|white)-)?alpha-(\d{1,3})$/;
/** What a CSS colour can be made of. */
const CSS_COLOR = /^(#[\da-f]{3,8}|[a-z]+|[a-z-]+\([\w\s.,%/+-]+\))$/i;

/** A token, a CSS colour, or one for each theme, as CSS; undefined for what is none of them. */
export function colorOf(value: unknown, use: ColorUse): string | undefined {
  if (typeof value === 'string') return oneColor(value, use);
  if (typeof value !== 'object' || value === null || !('light' in value && 'dark' in value)) return undefined;
  const [light, dark] = [value.light, value.dark].map((one) =>
    typeof one === 'string' ? oneColor(one, use) : undefined,
  );
  return light && dark ? `light-dark(${light}, ${dark})` : (light ?? dark);
}

function oneColor(value: string, use: ColorUse): string | undefined {
  const words = WORDS[use];
  if (Object.hasOwn(words, value)) return words[value];
  const [tone = '', depth] = value.split('-');
  if (TONES.includes(tone)) return `var(--w-${tone}${use === 'text' || depth === 'solid' ? '' : '-soft'})`;
  return alpha(value) ?? palette(value) ?? (CSS_COLOR.test(value) ? value : undefined);
}

function alpha(value: string): string | undefined {
  const [, base, percent] = ALPHA.exec(value) ?? [];
  return percent && `color-mix(in srgb, ${base ?? 'var(--text)'} ${percent}%, transparent)`;
}

/** `blue-500`: 0 is white and 1000 is black. */
function palette(value: string): string | undefined {
  const [, name = '', step] = PALETTE.exec(value) ?? [];
  const [chroma, hue] = PALETTES[name] ?? [];
  if (chroma === undefined || step === undefined || Number(step) > 1_000) return undefined;
  const part = Number(step) / 1_000;
  const strength = chroma * Math.sin(Math.PI * Math.min(1, part * 0.9 + 0.02));
  return `oklch(${(1 - part * 0.82).toFixed(3)} ${strength.toFixed(3)} ${hue})`;
}
