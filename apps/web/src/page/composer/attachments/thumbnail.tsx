import { useState } from 'react';
import { FileIcon } from '../icons.js';
import { useObjectUrl } from '../use-object-url.js';

/** Types that browsers show; a file of another type is shown by what the server makes of it. */
const SHOWN = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$/;

interface ThumbnailProps {
  /** The file, if this page has it. */
  readonly file: Blob | undefined;
  /** Addresses of a preview, the best first: a link that has expired is followed by the next one. */
  readonly previews: readonly string[];
}

/** A preview of a file, or else an icon. The file's name is shown beside it. */
export function Thumbnail({ file, previews }: ThumbnailProps) {
  const own = useObjectUrl(file && SHOWN.test(file.type) ? file : undefined);
  const [failed, setFailed] = useState<readonly string[]>([]);
  const url = [...(own ? [own] : []), ...previews].find((one) => !failed.includes(one));
  if (!url) return <FileIcon />;
  return <img src={url} alt="" onError={() => setFailed([...failed, url])} />;
}
