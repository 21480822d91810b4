/** Drawing takes well under a second; the first time, its code is loaded. */
const TIMEOUT_MS = 20_000;

interface Frame {
  readonly element: HTMLIFrameElement;
  readonly loaded: Promise<Window>;
}

let opened: Frame | undefined;

/**
 * Draws a Mermaid diagram, as SVG. Mermaid inserts style elements, which the policy of this page forbids: it runs in a page of
 * its own (`/diagram`), in a frame out of sight, which may load nothing but its own code.
 *
 * @throws if the source is no diagram, or the frame cannot be loaded
 */
export async function drawDiagram(source: string, isDark: boolean): Promise<string> {
  const frame = (opened ??= openFrame());
  const { svg } = await ask(frame, { source, isDark }).catch((error: unknown) => {
    close(frame);
    throw error;
  });
  if (typeof svg !== 'string') throw new Error('The source is no diagram.');
  return svg;
}

/** Rejects if the frame cannot be loaded, or does not answer. */
async function ask({ loaded }: Frame, request: object): Promise<{ readonly svg?: unknown }> {
  const target = await loaded;
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The diagram was not drawn in time.')), TIMEOUT_MS);
      port1.addEventListener('message', ({ data }: MessageEvent<{ svg?: unknown }>) => {
        clearTimeout(timer);
        resolve(data);
      });
      port1.start();
      target.postMessage(request, location.origin, [port2]);
    });
  } finally {
    port1.close();
  }
}

/** The next diagram opens another frame. */
function close(frame: Frame): void {
  frame.element.remove();
  if (opened === frame) opened = undefined;
}

function openFrame(): Frame {
  const element = document.createElement('iframe');
  element.src = '/diagram';
  element.className = 'diagram-frame';
  element.title = 'Mermaid';
  element.tabIndex = -1;
  element.ariaHidden = 'true';
  const loaded = new Promise<Window>((resolve, reject) => {
    element.addEventListener('load', () => {
      if (element.contentWindow) resolve(element.contentWindow);
      else reject(new Error('The page that draws diagrams has no window.'));
    });
    document.body.append(element);
  });
  return { element, loaded };
}
