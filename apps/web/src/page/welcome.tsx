import { assistantOf, type Chat } from '../chat/chat.js';
import { texts } from '../i18n/texts.js';
import type { AssistantChoice, StarterPrompt } from '../protocol/page-config.js';
import { useStore } from './use-store.js';

/** The first screen of a new conversation: who answers, and what to ask. */
export function Welcome({ chat }: { readonly chat: Chat }) {
  const state = useStore(chat.store);
  const assistant = assistantOf(state);
  const assistants = state.config?.assistants ?? [];
  return (
    <div className="welcome column">
      <h1 dir="auto">{assistant?.greeting ?? texts.core.greeting}</h1>
      {assistants.length > 1 && (
        <Assistants assistants={assistants} chosen={assistant?.id} onChoose={(id) => chat.chooseAssistant(id)} />
      )}
      {assistant?.description && (
        <p className="welcome-description" dir="auto">
          {assistant.description}
        </p>
      )}
      <ul className="prompts">
        {promptsOf(assistant).map(({ label, prompt }) => (
          <li key={label}>
            <button type="button" dir="auto" title={prompt} onClick={() => chat.send({ text: prompt })}>
              {label}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function promptsOf(assistant: AssistantChoice | undefined): readonly StarterPrompt[] {
  if (assistant && assistant.prompts.length > 0) return assistant.prompts;
  // An assistant with words of its own is for something of its own.
  if (assistant?.greeting) return [];
  return texts.core.ideas.map((idea) => ({ label: idea, prompt: idea }));
}

interface AssistantsProps {
  readonly assistants: readonly AssistantChoice[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

function Assistants({ assistants, chosen, onChoose }: AssistantsProps) {
  return (
    <div className="assistants" role="group" aria-label={texts.core.assistants}>
      {assistants.map(({ id, name }) => (
        <button key={id} type="button" dir="auto" aria-pressed={id === chosen} onClick={() => onChoose(id)}>
          {name}
        </button>
      ))}
    </div>
  );
}
