import mermaid from 'mermaid';
import { holdsMarkup } from './holds-markup.js';

interface DiagramRequest {
  readonly source: string;
  readonly isDark: boolean;
}

let drawn = 0;

addEventListener('message', ({ origin, source, data, ports: [port] }: MessageEvent<DiagramRequest>) => {
  if (origin !== location.origin || source !== parent || !port) return;
  draw(data).then(
    (svg) => port.postMessage({ svg }),
    () => port.postMessage({}),
  );
});

async function draw({ source, isDark }: DiagramRequest): Promise<string> {
  if (holdsMarkup(source)) throw new Error('The labels hold markup.');
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    // What a diagram may not set by itself, `themeCSS` because it could name other hosts.
    secure: ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'suppressErrorRendering', 'maxEdges', 'themeCSS'],
    theme: isDark ? 'dark' : 'neutral',
    fontFamily: 'system-ui, sans-serif',
    maxTextSize: 20_000,
    maxEdges: 300,
    // Labels as text of the picture: pictures hold no HTML.
    htmlLabels: false,
  });
  const { svg } = await mermaid.render(`diagram-${(drawn += 1)}`, source);
  return asXml(svg);
}

/** A picture is XML, and Mermaid's markup is HTML. */
function asXml(markup: string): string {
  const element = new DOMParser().parseFromString(markup, 'text/html').querySelector('svg');
  if (!element) throw new Error('Mermaid made no picture.');
  return new XMLSerializer().serializeToString(element);
}
