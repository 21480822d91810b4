import { useEffect, useRef, useState } from 'react';
import type { Dictation, DictationState } from '../../../chat/dictation.js';
import { texts } from '../../../i18n/texts.js';
import { CheckIcon, CloseIcon } from '../../icons.js';
import { LevelMeter } from './level-meter.js';

interface DictationBarProps {
  readonly dictation: Dictation;
  readonly now: Extract<DictationState, { type: 'asking' | 'recording' | 'transcribing' }>;
}

/** In place of the composer's buttons while speech is recorded and turned into text. */
export function DictationBar({ dictation, now }: DictationBarProps) {
  const { composer } = texts;
  const main = useRef<HTMLButtonElement>(null);
  const isRecording = now.type === 'recording';
  useEffect(() => {
    // The button that began it is gone.
    main.current?.focus();
  }, [isRecording]);
  return (
    <div
      className="dictation"
      role="group"
      aria-label={composer.dictation}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        dictation.cancel();
      }}
    >
      <button
        ref={isRecording ? undefined : main}
        type="button"
        className="icon-button tool-button"
        aria-label={composer.cancelDictation}
        title={composer.cancelDictation}
        onClick={() => dictation.cancel()}
      >
        <CloseIcon />
      </button>
      {isRecording ? (
        <>
          <LevelMeter level={now.recording.level} />
          <Clock />
          <button
            ref={main}
            type="button"
            className="send"
            aria-label={composer.stopDictation}
            title={composer.stopDictation}
            onClick={() => void dictation.stop()}
          >
            <CheckIcon />
          </button>
        </>
      ) : (
        <span className="dictation-note">
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {now.type === 'asking' ? composer.askingMicrophone : composer.transcribing}
        </span>
      )}
    </div>
  );
}

const SECOND_MS = 1_000;

function Clock() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = window.setInterval(
      () => setSeconds(Math.floor((performance.now() - start) / SECOND_MS)),
      SECOND_MS / 4,
    );
    return () => window.clearInterval(timer);
  }, []);
  const rest = String(seconds % 60).padStart(2, '0');
  return (
    <span className="dictation-clock" role="timer" aria-label={texts.composer.recording}>
      {Math.floor(seconds / 60)}:{rest}
    </span>
  );
}
