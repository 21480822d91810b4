import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { texts } from '../../../i18n/texts.js';
import { WidgetIcon } from '../icons/icon.js';
import { addMonths, asDate, clamp, type Day, dayByKey, firstDayOf, today, weeksOf } from './calendar.js';
import { locale } from './locale.js';

interface CalendarGridProps {
  readonly value: Day | undefined;
  readonly min: Day | undefined;
  readonly max: Day | undefined;
  readonly onChoose: (day: Day) => void;
  readonly onClose: () => void;
}

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...options });

/** One month to choose a day from, by mouse or by keyboard. */
export default function CalendarGrid({ value, min, max, onChoose, onClose }: CalendarGridProps) {
  const [active, setActive] = useState(() => clamp(value ?? today(), min, max));
  const grid = useRef<HTMLTableElement>(null);
  const hasMoved = useRef(true);
  const firstDay = firstDayOf(locale());
  const [month, weekday, whole, number] = [
    format({ month: 'long', year: 'numeric' }),
    format({ weekday: 'short' }),
    format({ dateStyle: 'full' }),
    format({ day: 'numeric' }),
  ];
  const weeks = weeksOf(active, firstDay);
  const isOff = (day: Day): boolean => clamp(day, min, max) !== day;

  useEffect(() => {
    if (hasMoved.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    hasMoved.current = false;
  }, [active]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      return onClose();
    }
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const next = dayByKey(active, event.key, firstDay, isRtl);
    if (next === undefined) return;
    event.preventDefault();
    hasMoved.current = true;
    setActive(clamp(next, min, max));
  };
  const turn = (months: number): void => setActive(clamp(addMonths(active, months), min, max));

  return (
    <div className="w-calendar" onKeyDown={onKeyDown}>
      <div className="w-calendar-head">
        <button type="button" aria-label={texts.widgets.previousMonth} onClick={() => turn(-1)}>
          <WidgetIcon name="chevron-left" size="sm" />
        </button>
        <strong aria-live="polite">{month.format(asDate(active))}</strong>
        <button type="button" aria-label={texts.widgets.nextMonth} onClick={() => turn(1)}>
          <WidgetIcon name="chevron-right" size="sm" />
        </button>
      </div>
      <table ref={grid} role="grid" aria-label={month.format(asDate(active))}>
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col">
                {weekday.format(asDate(day))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} aria-selected={day === value}>
                  <button
                    type="button"
                    tabIndex={day === active ? 0 : -1}
                    aria-label={whole.format(asDate(day))}
                    aria-current={day === today() ? 'date' : undefined}
                    data-other={day.slice(0, 7) !== active.slice(0, 7) || undefined}
                    disabled={isOff(day)}
                    onClick={() => onChoose(day)}
                  >
                    {number.format(asDate(day))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
