import { useEffect } from 'react';
import { type ClientEffect, effectCall } from '../../chat/client-tools.js';
import { perform } from './perform.js';
import { useThemeSetter } from './theme-setter.js';

/** Effects that were carried out in this tab: drawing a conversation again must not carry them out again. */
const done = new WeakSet<ClientEffect>();

/** Carries out the effects of a turn that are meant for this page, each once. */
export function useClientEffects(effects: readonly ClientEffect[]): void {
  const setTheme = useThemeSetter();
  useEffect(() => {
    for (const effect of effects) {
      if (done.has(effect)) continue;
      done.add(effect);
      const call = effectCall(effect);
      if (call) void perform(call, setTheme);
    }
  }, [effects, setTheme]);
}
