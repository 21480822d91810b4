import { useContext } from 'react';
import { texts } from '../../../i18n/texts.js';
import type { SentAttachment } from '../../../protocol/client.js';
import type { Attachment } from '../../../protocol/items/attachment.js';
import { ComposingContext } from '../composing-context.js';
import { formatSize } from '../format-size.js';
import { DownloadIcon } from '../icons.js';
import { kindOf } from './file-kind.js';
import { Thumbnail } from './thumbnail.js';

type Shown = Attachment & Partial<Pick<SentAttachment, 'size' | 'file'>>;

/** The files of a message. */
export function SentAttachments({ attachments }: { readonly attachments: readonly Shown[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className="sent-files" aria-label={texts.composer.attachments}>
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <SentFile attachment={attachment} />
        </li>
      ))}
    </ul>
  );
}

function SentFile({
  attachment: { id, name, mime_type: type, preview_url: preview, size, file },
}: {
  attachment: Shown;
}) {
  const known = useContext(ComposingContext)?.sizes.get(id);
  const bytes = size ?? known;
  // Of the person who is signed in, and without an end, unlike the signed links that the server sends.
  const address = `/files/${encodeURIComponent(id)}`;
  const isPicture = type.startsWith('image/');
  const facts = [kindOf(name, type), bytes === undefined ? '' : formatSize(bytes)].filter(Boolean).join(' · ');
  return (
    <div className="sent-file" data-picture={isPicture || undefined}>
      {isPicture ? (
        <a
          className="sent-picture"
          href={address}
          target="_blank"
          rel="noopener"
          aria-label={texts.composer.openPicture(name)}
        >
          <Thumbnail file={file} previews={[...(preview ? [preview] : []), `${address}/preview`]} />
        </a>
      ) : (
        <span className="file-sign">
          <Thumbnail file={undefined} previews={[]} />
        </span>
      )}
      <span className="file-about">
        <span className="file-name" title={name}>
          {name}
        </span>
        <span className="file-note">{facts}</span>
      </span>
      <a
        className="icon-button small"
        href={address}
        download={name}
        // A store that shows a picture instead does not replace the page.
        target="_blank"
        rel="noopener"
        aria-label={texts.composer.download(name)}
        title={texts.composer.download(name)}
      >
        <DownloadIcon />
      </a>
    </div>
  );
}
