import { useRef } from 'react';
import { texts } from '../../i18n/texts.js';
import { CloseIcon, DownloadIcon, PictureIcon } from '../icons.js';
import { isOwnImage } from '../markdown/allowed-url.js';
import type { ItemProps } from './item-props.js';

/** A picture that the model makes: previews while it does, then the picture, which opens in full and can be saved. */
export function GeneratedImageView({ item, progress }: ItemProps<'generated_image'>) {
  const isRunning = progress === 'open';
  const url = item.image && isOwnImage(item.image.url, location.origin) ? item.image.url : undefined;
  return (
    <figure className="generated" data-running={isRunning || undefined} data-progress={progress}>
      {url === undefined ? <Placeholder foreign={item.image?.url} /> : <Picture url={url} isRunning={isRunning} />}
      {isRunning && <Progress made={item.made} />}
      {progress === 'lost' && <figcaption className="remark">{texts.items.notKept}</figcaption>}
    </figure>
  );
}

/** Before the first preview. A picture of another host is not loaded: it stays a link. */
function Placeholder({ foreign }: { readonly foreign: string | undefined }) {
  return (
    <div className="generated-empty">
      <PictureIcon />
      {foreign !== undefined && /^https?:/.test(foreign) && (
        <a href={foreign} target="_blank" rel="noopener noreferrer">
          {texts.items.openImage}
        </a>
      )}
    </div>
  );
}

function Progress({ made }: { readonly made: number | undefined }) {
  return (
    <figcaption>
      <span>{texts.items.makingImage}</span>
      <progress aria-label={texts.items.makingImage} max={1} value={made && made > 0 ? made : undefined} />
    </figcaption>
  );
}

function Picture({ url, isRunning }: { readonly url: string; readonly isRunning: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const picture = <img src={url} alt={texts.items.generatedImage} />;
  if (isRunning) return picture;
  return (
    <>
      <button
        type="button"
        className="generated-open"
        aria-label={texts.items.enlargeImage}
        onClick={() => dialog.current?.showModal()}
      >
        {picture}
      </button>
      <a
        className="generated-save"
        href={url}
        download
        aria-label={texts.items.saveImage}
        title={texts.items.saveImage}
      >
        <DownloadIcon />
      </a>
      <dialog
        ref={dialog}
        className="lightbox"
        aria-label={texts.items.generatedImage}
        onClick={() => dialog.current?.close()}
      >
        {picture}
        <button type="button" className="icon-button" aria-label={texts.core.close}>
          <CloseIcon />
        </button>
      </dialog>
    </>
  );
}
