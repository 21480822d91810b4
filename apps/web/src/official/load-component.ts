/** OpenAI serves the component from here only; it may not be redistributed. */
const SCRIPT_URL = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';
const ELEMENT = 'openai-chatkit';
/** If the network drops the request, no event ever comes. */
const GIVE_UP_MS = 15_000;

/** Loads the script that defines the component's element. Rejects if it does not load in time. */
export async function loadComponent(giveUpMs = GIVE_UP_MS): Promise<void> {
  if (customElements.get(ELEMENT)) return;
  const script = document.createElement('script');
  script.src = SCRIPT_URL;
  script.async = true;
  const failed = new Promise<never>((_, reject) => {
    script.addEventListener('error', () => reject(new Error('not reached')));
    window.setTimeout(() => reject(new Error('timed out')), giveUpMs);
  });
  document.head.append(script);
  await Promise.race([customElements.whenDefined(ELEMENT), failed]);
}
