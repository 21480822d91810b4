import { useEffect, useRef } from 'react';

const BARS = 28;
const STEP_MS = 90;

/** How loud it was in the last seconds, the newest at the end. */
export function LevelMeter({ level }: { readonly level: () => number }) {
  const bars = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const heard: number[] = Array.from({ length: BARS }, () => 0);
    const timer = window.setInterval(() => {
      heard.push(level());
      heard.shift();
      for (const [index, bar] of [...(bars.current?.children ?? [])].entries()) {
        // Sixty changes in a second are not the business of React.
        (bar as HTMLElement).style.blockSize = `${12 + 88 * (heard[index] ?? 0)}%`;
      }
    }, STEP_MS);
    return () => window.clearInterval(timer);
  }, [level]);
  return (
    <span className="level-meter" ref={bars} aria-hidden="true">
      {Array.from({ length: BARS }, (_, index) => (
        <i key={index} />
      ))}
    </span>
  );
}
