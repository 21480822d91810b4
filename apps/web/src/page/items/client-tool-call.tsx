import { useEffect, useRef, useState } from 'react';
import {
  declined,
  errorOf,
  failedBy,
  isSensitive,
  notAvailable,
  type PageCall,
  readPageCall,
} from '../../chat/client-tools.js';
import { texts } from '../../i18n/texts.js';
import type { ClientToolCall } from '../../protocol/items/client-tool-call.js';
import { perform } from '../client-tools/perform.js';
import { useThemeSetter } from '../client-tools/theme-setter.js';
import { CheckIcon, ToolIcon } from '../icons.js';
import { useCanAsk, useIsNewest, useItemActions } from '../item-actions.js';
import type { ItemProps } from './item-props.js';

/** A call of a tool of the page: what it does, what has become of it, and a way on while it waits. */
export function ClientToolCallView({ item }: ItemProps<'client_tool_call'>) {
  const call = readPageCall(item.name, item.arguments);
  const isWaiting = useIsNewest(item.id) && item.status === 'pending';
  return (
    <section className="message tool-call" aria-label={titleOf(item, call)}>
      <p className="tool-head">
        <span className="tool-icon">
          <ToolIcon />
        </span>
        <span className="tool-title">{titleOf(item, call)}</span>
        {!isWaiting && <Status item={item} />}
      </p>
      <What item={item} call={call} />
      {isWaiting && (call ? <PageToolRun item={item} call={call} /> : <WayOn item={item} />)}
    </section>
  );
}

const titleOf = ({ name }: ClientToolCall, call: PageCall | undefined): string =>
  call ? texts.widgets.toolTitles[call.name] : texts.widgets.toolUnknown(name);

function Status({ item: { status, output } }: { readonly item: ClientToolCall }) {
  if (status === 'pending') return <span className="tool-status">{texts.widgets.toolUnanswered}</span>;
  const error = errorOf(output);
  if (error === 'declined') return <span className="tool-status">{texts.widgets.toolDeclined}</span>;
  if (error) return <span className="tool-status">{texts.widgets.toolFailed}</span>;
  return (
    <span className="tool-status">
      <CheckIcon />
      {texts.widgets.toolDone}
    </span>
  );
}

function What({ item, call }: { readonly item: ClientToolCall; readonly call: PageCall | undefined }) {
  if (call?.name === 'open_link') return <p className="tool-what">{call.url}</p>;
  if (call?.name === 'copy_to_clipboard') {
    return (
      <pre className="tool-what" tabIndex={0}>
        {call.text}
      </pre>
    );
  }
  const hasMore = Object.keys(item.arguments).length > 0 || item.output !== undefined;
  if (!hasMore) return null;
  const { arguments: given, output } = item;
  return (
    <details className="tool-details">
      <summary>{texts.widgets.toolDetails}</summary>
      <pre tabIndex={0}>{JSON.stringify({ arguments: given, output }, null, 2)}</pre>
    </details>
  );
}

/** Calls that have begun in this tab: drawing one again must not run it again. */
const begun = new Set<string>();

function PageToolRun({ item: { id }, call }: { readonly item: ClientToolCall; readonly call: PageCall }) {
  const actions = useItemActions();
  const canAsk = useCanAsk();
  const setTheme = useThemeSetter();
  const [isRunning, setRunning] = useState(false);
  // One that was found after a reload may be old: it waits for a click.
  const runsByItself = !isSensitive(call) && actions.isLiveCall(id);
  const answer = async (): Promise<void> => {
    setRunning(true);
    actions.answerClientTool(await perform(call, setTheme).catch(failedBy));
    setRunning(false);
  };
  const run = useRef(answer);
  run.current = answer;
  useEffect(() => {
    if (!runsByItself || !canAsk || begun.has(id)) return;
    begun.add(id);
    void run.current();
  }, [runsByItself, canAsk, id]);

  // Still here after it has run: its answer was not taken, and it is up to the person.
  if (runsByItself && (isRunning || !begun.has(id))) return <p className="tool-note">{texts.widgets.toolRuns}</p>;
  return (
    <>
      <p className="tool-note">{isSensitive(call) ? texts.widgets.toolAsks : texts.widgets.toolWaits}</p>
      <p className="tool-foot">
        <button
          type="button"
          className="button"
          disabled={!canAsk || isRunning}
          onClick={() => actions.answerClientTool(declined)}
        >
          {texts.widgets.decline}
        </button>
        <button type="button" className="button primary" disabled={!canAsk || isRunning} onClick={() => void answer()}>
          {isSensitive(call) ? texts.widgets.allow : texts.widgets.run}
        </button>
      </p>
    </>
  );
}

/** The assistant waits for what this page cannot give: it is told so when the person wants to go on. */
function WayOn({ item: { name } }: { readonly item: ClientToolCall }) {
  const actions = useItemActions();
  const canAsk = useCanAsk();
  return (
    <p className="tool-foot">
      <button
        type="button"
        className="button primary"
        disabled={!canAsk}
        onClick={() => actions.answerClientTool(notAvailable(name))}
      >
        {texts.widgets.goOnWithout}
      </button>
    </p>
  );
}
