import { dateText, numberText } from '../../i18n/format.js';
import type { Source } from '../../protocol/items/source.js';
import { FileIcon, GlobeIcon, SparkIcon } from '../icons.js';
import { hostOf, webUrl } from '../markdown/allowed-url.js';

const ICONS = { url: GlobeIcon, file: FileIcon, entity: SparkIcon } as const;

/** What a source is called. */
export function sourceName(source: Source): string {
  switch (source.type) {
    case 'url':
      return source.title || hostOf(source.url) || source.url;
    case 'file':
      return source.title || source.filename;
    case 'entity':
      return source.label ?? source.title;
  }
}

/** Where a source is from. */
function originOf(source: Source): string | undefined {
  switch (source.type) {
    case 'url':
      return source.attribution ?? hostOf(source.url);
    case 'file':
      return source.title === source.filename ? undefined : source.filename;
    case 'entity':
      return undefined;
  }
}

interface SourceCardProps {
  readonly source: Source;
  /** The number by which the text refers to it. */
  readonly number?: number | undefined;
}

/** One source, as a link if it is on the web. */
export function SourceCard({ source, number }: SourceCardProps) {
  const Icon = ICONS[source.type];
  const url = source.type === 'url' ? webUrl(source.url) : undefined;
  const content = (
    <>
      {number === undefined ? <Icon /> : <span className="source-number">{numberText(number)}</span>}
      <span className="source-text">
        <span className="source-name" dir="auto">
          {sourceName(source)}
        </span>
        <span className="source-origin">
          {[originOf(source), source.group, dateOf(source)].filter(Boolean).join(' · ')}
        </span>
        {source.description && (
          <span className="source-description" dir="auto">
            {source.description}
          </span>
        )}
      </span>
    </>
  );
  return url === undefined ? (
    <span className="source" title={source.description}>
      {content}
    </span>
  ) : (
    <a className="source" href={url} title={source.description} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  );
}

function dateOf({ timestamp }: Source): string | undefined {
  const date = timestamp === undefined ? undefined : new Date(timestamp);
  return date && !Number.isNaN(date.getTime()) ? dateText(date) : timestamp;
}

/** Sources in a row that wraps. */
export function SourceList({ sources }: { readonly sources: readonly Source[] }) {
  if (sources.length === 0) return null;
  return (
    <ul className="sources">
      {sources.map((source, index) => (
        // The same page may be found twice.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index}>
          <SourceCard source={source} />
        </li>
      ))}
    </ul>
  );
}
