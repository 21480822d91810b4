import { texts } from '../../../i18n/texts.js';
import type { ComposerTool } from '../../../protocol/page-config.js';
import { CloseIcon } from '../../icons.js';
import { ToolsIcon } from '../icons.js';
import { Picker } from './picker.js';

interface ToolChoiceProps {
  readonly tools: readonly ComposerTool[];
  readonly tool: ComposerTool | undefined;
  readonly onTool: (id: string | undefined) => void;
}

/** The tools that are not pinned, in a list. Renders nothing without any. */
export function ToolMenu({ tools, tool, onTool }: ToolChoiceProps) {
  const listed = tools.filter(({ pinned }) => !pinned);
  if (listed.length === 0) return null;
  return (
    <Picker
      label={texts.composer.tools}
      choices={listed.map(({ id, label }) => ({ id, label }))}
      chosen={tool?.id}
      onChoose={(id) => onTool(id === tool?.id ? undefined : id)}
      button={<ToolsIcon />}
    />
  );
}

/** The tools that are pinned, and the one that was chosen for the message. */
export function ToolChips({ tools, tool, onTool }: ToolChoiceProps) {
  return (
    <>
      {tools
        .filter(({ pinned }) => pinned)
        .map(({ id, label, shortLabel }) => (
          <button
            key={id}
            type="button"
            className="chip"
            aria-pressed={id === tool?.id}
            aria-label={label}
            onClick={() => onTool(id === tool?.id ? undefined : id)}
          >
            {shortLabel ?? label}
          </button>
        ))}
      {tool && !tool.pinned && (
        <button
          type="button"
          className="chip"
          data-chosen
          aria-label={texts.composer.withoutTool(tool.label)}
          onClick={() => onTool(undefined)}
        >
          {tool.shortLabel ?? tool.label}
          <CloseIcon />
        </button>
      )}
    </>
  );
}
