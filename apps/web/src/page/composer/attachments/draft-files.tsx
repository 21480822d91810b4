import type { Draft, DraftFile, FileState, RefusedFile } from '../../../chat/draft.js';
import { isPicture } from '../../../chat/file-limits.js';
import { texts } from '../../../i18n/texts.js';
import { CloseIcon, RetryIcon } from '../../icons.js';
import { formatSize } from '../format-size.js';
import { failureText, problemText } from './file-texts.js';
import { kindOf } from './file-kind.js';
import { Thumbnail } from './thumbnail.js';

interface DraftFilesProps {
  readonly draft: Draft;
  readonly files: readonly DraftFile[];
  readonly refused: readonly RefusedFile[];
}

/** The files of the message that is being written, and those that were not attached, with the reason. */
export function DraftFiles({ draft, files, refused }: DraftFilesProps) {
  return (
    <>
      {refused.length > 0 && (
        <div className="files-refused">
          {refused.map(({ key, name, problem }) => (
            <div key={key} className="file-refused" role="alert">
              <p>{problemText(name, problem)}</p>
              <button
                type="button"
                className="icon-button small"
                aria-label={texts.composer.dismissFile(name)}
                onClick={() => draft.dismiss(key)}
              >
                <CloseIcon />
              </button>
            </div>
          ))}
        </div>
      )}
      {files.length > 0 && (
        <ul className="draft-files" aria-label={texts.composer.attachments}>
          {files.map((file) => (
            <li key={file.key} className="file-tile" data-state={file.state.type}>
              <Tile file={file} onRetry={() => draft.retry(file.key)} onRemove={() => draft.remove(file.key)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface TileProps {
  readonly file: DraftFile;
  readonly onRetry: () => void;
  readonly onRemove: () => void;
}

function Tile({ file: { name, size, type, file, state }, onRetry, onRemove }: TileProps) {
  const preview = state.type === 'ready' ? state.attachment.preview_url : undefined;
  return (
    <>
      <span className="file-sign" data-picture={isPicture({ type }) || undefined}>
        <Thumbnail file={file} previews={preview ? [preview] : []} />
      </span>
      <span className="file-about">
        <span className="file-name" title={name}>
          {name}
        </span>
        <span className="file-note">{noteOf(state, `${kindOf(name, type)} ${formatSize(size)}`.trim())}</span>
      </span>
      {state.type === 'failed' && file && (
        <button
          type="button"
          className="icon-button small"
          aria-label={texts.composer.retryFile(name)}
          onClick={onRetry}
        >
          <RetryIcon />
        </button>
      )}
      <button
        type="button"
        className="icon-button small"
        aria-label={texts.composer.removeFile(name)}
        onClick={onRemove}
      >
        <CloseIcon />
      </button>
      {state.type === 'sending' && <Progress name={name} sent={state.sent} />}
    </>
  );
}

/** All has left, and the server looks at it. */
const isChecked = (state: FileState): boolean => state.type === 'sending' && state.sent >= 1;

function noteOf(state: FileState, facts: string): string {
  if (state.type === 'failed') return failureText(state);
  return isChecked(state) ? texts.composer.checkingFile : facts;
}

function Progress({ name, sent }: { readonly name: string; readonly sent: number }) {
  const percent = Math.round(sent * 100);
  return (
    <span
      className="file-progress"
      role="progressbar"
      aria-label={texts.composer.sendingFile(name)}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ inlineSize: `${percent}%` }} />
    </span>
  );
}
