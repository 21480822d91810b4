import { useId, useMemo } from 'react';
import { texts } from '../../i18n/texts.js';
import { textOf } from '../../protocol/fold.js';
import { citedTexts } from '../../protocol/items/cited.js';
import type { Source } from '../../protocol/items/source.js';
import { AnswerActions } from '../answer-actions.js';
import { webUrl } from '../markdown/allowed-url.js';
import { CitedSources } from '../markdown/citation-mark.js';
import { Markdown } from '../markdown/markdown.js';
import type { ItemProps } from './item-props.js';
import { SourceCard, sourceName } from './sources.js';
import { Typing } from './typing.js';

/** An answer: its text with the numbers of its sources, and cards of these below. */
export function AssistantMessageView({ item, progress }: ItemProps<'assistant_message'>) {
  const text = textOf(item);
  const { parts, sources } = useMemo(() => citedTexts(item), [item]);
  const cards = useId();
  const cited = useMemo(
    () => sources.map((source, index) => ({ ...nameAndUrl(source), cardId: cardId(cards, index) })),
    [sources, cards],
  );
  if (text === '' && progress === 'open') return <Typing />;
  const isGrowing = progress === 'open';
  return (
    <article className="message assistant" aria-label={texts.items.assistantSaid} data-progress={progress}>
      <CitedSources value={cited}>
        {parts.map((part, index) => (
          <Markdown
            // Parts keep their places.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            text={part.text}
            marks={part.marks}
            scope={`${item.id}-${index}`}
            isGrowing={isGrowing && index === parts.length - 1}
          />
        ))}
      </CitedSources>
      <Sources sources={sources} cards={cards} />
      {!isGrowing && <Footer item={item} progress={progress} text={text} />}
    </article>
  );
}

const cardId = (cards: string, index: number): string => `${cards}-${index}`;

const nameAndUrl = (source: Source) => ({
  name: sourceName(source),
  inlineLabel: source.type === 'entity' ? source.inline_label : undefined,
  url: source.type === 'url' ? webUrl(source.url) : undefined,
});

interface SourcesProps {
  readonly sources: readonly Source[];
  readonly cards: string;
}

function Sources({ sources, cards }: SourcesProps) {
  if (sources.length === 0) return null;
  return (
    <section className="answer-sources" aria-label={texts.items.sources}>
      <p className="answer-sources-title" aria-hidden="true">
        {texts.items.sources}
      </p>
      <ol className="sources">
        {sources.map((source, index) => (
          // A source keeps its number.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} id={cardId(cards, index)} tabIndex={-1}>
            <SourceCard source={source} number={index + 1} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How an answer ended, and what can be done with it. */
function Footer({ item, progress, text }: ItemProps<'assistant_message'> & { readonly text: string }) {
  const remarks = { open: undefined, done: undefined, stopped: texts.items.stopped, lost: texts.items.notKept };
  const remark = remarks[progress];
  return (
    <footer>
      {remark && <span className="remark">{remark}</span>}
      <AnswerActions itemId={item.id} text={text} isKept={progress !== 'lost'} />
    </footer>
  );
}
