import { type ComponentType, memo } from 'react';
import type { Entry } from '../../protocol/fold.js';
import type { Item } from '../../protocol/types.js';
import { Boundary } from '../boundary.js';
import { QuestionView } from '../question.js';
import { TurnEnding } from '../notes/turn-ending.js';
import { AssistantMessageView } from './assistant-message.js';
import { ClientToolCallView } from './client-tool-call.js';
import { GeneratedImageView } from './generated-image.js';
import { EndsAnswer } from './ends-answer.js';
import { GivenFeedback } from './given-feedback.js';
import { ItemFoot } from './item-foot.js';
import type { ItemProps } from './item-props.js';
import { BrokenItem, OtherView } from './other.js';
import { StructuredInputView } from './structured-input.js';
import { TaskView } from './task.js';
import { WidgetView } from './widget.js';
import { WorkflowView } from './workflow.js';

const KINDS: { readonly [Type in Item['type']]: ComponentType<ItemProps<Type>> } = {
  user_message: QuestionView,
  assistant_message: AssistantMessageView,
  client_tool_call: ClientToolCallView,
  widget: WidgetView,
  generated_image: GeneratedImageView,
  structured_input: StructuredInputView,
  workflow: WorkflowView,
  task: TaskView,
  end_of_turn: () => null,
  other: OtherView,
};

/** Kinds that draw their own foot, with their text. */
const HAS_FOOT: ReadonlySet<Item['type']> = new Set(['assistant_message', 'widget']);

interface ItemViewProps {
  readonly entry: Entry;
  readonly endsAnswer: boolean;
}

/**
 * One entry of a thread. If it cannot be drawn, its text is shown, and the rest of the page as ever. It is drawn again only
 * when it has changed itself: what all entries offer at certain times is shown and hidden by the styles.
 */
export const ItemView = memo(function ItemView({
  entry: { item, progress, ending, feedback },
  endsAnswer,
}: ItemViewProps) {
  const Kind = KINDS[item.type] as ComponentType<{ readonly item: Item; readonly progress: Entry['progress'] }>;
  return (
    <div className="entry">
      <EndsAnswer value={endsAnswer}>
        <GivenFeedback value={feedback}>
          <Boundary content={item} fallback={<Broken item={item} progress={progress} />}>
            <Kind item={item} progress={progress} />
            {!HAS_FOOT.has(item.type) && <ItemFoot itemId={item.id} progress={progress} />}
          </Boundary>
        </GivenFeedback>
      </EndsAnswer>
      {ending && <TurnEnding item={item} ending={ending} />}
    </div>
  );
});

const Broken = ({ item, progress }: Pick<Entry, 'item' | 'progress'>) => (
  <>
    <BrokenItem item={item} />
    <ItemFoot itemId={item.id} progress={progress} />
  </>
);
