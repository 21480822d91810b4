import { createElement, type CSSProperties, useEffect, useState } from 'react';
import { ICON_SHAPES, type IconShape, type OwnIconName, UNKNOWN_ICON } from './icon-shapes.js';

interface WidgetIconProps {
  /** One of the protocol's names, or `lucide:` and one of that set. */
  readonly name: string;
  /** A step of the scale xs to 3xl; the size of the text without it. */
  readonly size?: string | undefined;
  readonly style?: CSSProperties;
}

/** A decoration: what it means is said by the text beside it. */
export function WidgetIcon({ name, size, style }: WidgetIconProps) {
  const { node, isFilled } = useShape(name);
  return (
    <svg
      className="icon w-icon"
      viewBox="0 0 24 24"
      data-size={size}
      data-filled={isFilled || undefined}
      style={style}
      aria-hidden="true"
      focusable="false"
    >
      {node.map(([tag, attributes], index) => createElement(tag, { key: index, ...attributes }))}
    </svg>
  );
}

const LUCIDE = 'lucide:';

function useShape(name: string): IconShape {
  const lucide = name.startsWith(LUCIDE) ? name.slice(LUCIDE.length) : undefined;
  const [loaded, setLoaded] = useState<{ readonly lucide: string; readonly shape: IconShape }>();
  useEffect(() => {
    if (lucide === undefined) return undefined;
    let isWanted = true;
    const show = (shape: IconShape): void => (isWanted ? setLoaded({ lucide, shape }) : undefined);
    loadLucide(lucide).then(show, () => show(UNKNOWN_ICON));
    return () => {
      isWanted = false;
    };
  }, [lucide]);
  if (lucide !== undefined) return loaded?.lucide === lucide ? loaded.shape : EMPTY;
  return Object.hasOwn(ICON_SHAPES, name) ? ICON_SHAPES[name as OwnIconName] : UNKNOWN_ICON;
}

const EMPTY: IconShape = { node: [] };

/** The whole set is a file of its own, which is loaded for the first icon that the protocol does not name. */
async function loadLucide(name: string): Promise<IconShape> {
  const { icons } = await import('./lucide.js');
  const key = name.replace(/(?:^|-)([a-z\d])/gi, (_, letter: string) => letter.toUpperCase());
  const node = Object.hasOwn(icons, key) ? icons[key as keyof typeof icons] : undefined;
  return node ? { node } : UNKNOWN_ICON;
}
