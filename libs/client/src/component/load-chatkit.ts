import { ConnectionProblem } from './connection-problem.js';

/** OpenAI serves the component from here only; it may not be redistributed. */
const SCRIPT_URL = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';
const ELEMENT = 'openai-chatkit';
/** If the network drops the request, no event ever comes. */
const GIVE_UP_MS = 15_000;

/**
 * Loads the script that defines the component's element, unless the page has done so or has a script element for it.
 * Rejects with `ConnectionProblem` if it is not there in time.
 */
export async function loadChatKit(giveUpMs = GIVE_UP_MS): Promise<void> {
  if (customElements.get(ELEMENT)) return;
  const present = document.querySelector<HTMLScriptElement>(`script[src="${SCRIPT_URL}"]`);
  const script = present ?? appendScript();
  let timer: number | undefined;
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string): void =>
      reject(
        new ConnectionProblem(
          'component',
          `The official ChatKit component could not be loaded: cdn.platform.openai.com cannot be reached from this browser (${why}).`,
        ),
      );
    script.addEventListener('error', () => fail('the request failed'));
    timer = window.setTimeout(() => fail(`no answer in ${giveUpMs / 1_000} seconds`), giveUpMs);
  });
  await Promise.race([customElements.whenDefined(ELEMENT), failed]).finally(() => clearTimeout(timer));
}

function appendScript(): HTMLScriptElement {
  const script = document.createElement('script');
  script.src = SCRIPT_URL;
  script.async = true;
  // One that has failed is in the way of another try.
  script.addEventListener('error', () => script.remove());
  document.head.append(script);
  return script;
}
