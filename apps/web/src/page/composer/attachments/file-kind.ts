const TYPES: Readonly<Record<string, string>> = { jpeg: 'JPG', 'svg+xml': 'SVG', plain: 'TXT', markdown: 'MD' };

/** The kind of a file in a few letters: its ending, or else its type. */
export function kindOf(name: string, mimeType: string): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  if (ending) return ending.toUpperCase();
  const subtype = mimeType.split(';', 1)[0]?.split('/')[1] ?? '';
  return TYPES[subtype] ?? (subtype.length <= 5 ? subtype.toUpperCase() : '');
}
