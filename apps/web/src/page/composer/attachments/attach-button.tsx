import { type ChangeEvent, useRef } from 'react';
import { acceptedTypes } from '../../../chat/file-limits.js';
import { texts } from '../../../i18n/texts.js';
import type { AttachmentLimits } from '../../../protocol/page-config.js';
import { AttachIcon } from '../icons.js';

interface AttachButtonProps {
  readonly limits: AttachmentLimits;
  readonly onFiles: (files: File[]) => void;
}

export function AttachButton({ limits, onFiles }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const onChange = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    onFiles([...(target.files ?? [])]);
    // The same file may be chosen again.
    target.value = '';
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="files"
        accept={acceptedTypes(limits)}
        onChange={onChange}
      />
      <button
        type="button"
        className="icon-button tool-button"
        aria-label={texts.composer.attach}
        title={texts.composer.attach}
        onClick={() => input.current?.click()}
      >
        <AttachIcon />
      </button>
    </>
  );
}
