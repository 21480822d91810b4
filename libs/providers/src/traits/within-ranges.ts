import type { CallSettings, SettingName, SettingRanges } from '../spec/call-settings.js';
import type { Warning } from '../spec/stream-part.js';

/** The settings as a server with these ranges takes them: what is outside is the nearest value inside, with a warning. */
export function withinRanges(settings: CallSettings, ranges: SettingRanges, warnings: Warning[]): CallSettings {
  const fitted = Object.entries(settings).map(([name, value]) => {
    const { minimum = -Infinity, maximum = Infinity } = ranges[name as SettingName] ?? {};
    if (typeof value !== 'number' || (value >= minimum && value <= maximum)) return [name, value];
    const nearest = Math.min(Math.max(value, minimum), maximum);
    const detail = `this server takes ${spanOf(minimum, maximum)}: ${nearest} was sent instead of ${value}`;
    warnings.push({ code: 'unsupported_setting', setting: name, detail });
    return [name, nearest];
  });
  return Object.fromEntries(fitted) as CallSettings;
}

function spanOf(minimum: number, maximum: number): string {
  if (maximum === Infinity) return `${minimum} and more`;
  return minimum === -Infinity ? `at most ${maximum}` : `${minimum} to ${maximum}`;
}
