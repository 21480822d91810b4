import { useEffect, useState } from 'react';
import { texts } from '../../i18n/texts.js';
import { CopyButton } from '../copy-button.js';
import { DownloadIcon } from '../icons.js';
import { saveText } from '../save-text.js';
import { useIsDark } from '../use-is-dark.js';
import { drawDiagram } from './draw-diagram.js';

/** A diagram as a picture, which cannot run scripts or load anything; its source is one click away. */
export function Diagram({ source }: { readonly source: string }) {
  const { svg, hasFailed } = useDiagram(source);
  const [isSource, setSource] = useState(false);
  return (
    <div className="code-block diagram">
      <div className="code-head">
        <span>mermaid</span>
        {hasFailed && <span role="status">{texts.items.diagramFailed}</span>}
        {svg !== undefined && (
          <>
            <button type="button" className="copy" aria-pressed={isSource} onClick={() => setSource(!isSource)}>
              {texts.items.showSource}
            </button>
            <button
              type="button"
              className="copy"
              aria-label={texts.items.saveImage}
              title={texts.items.saveImage}
              onClick={() => saveText('diagram.svg', svg, 'image/svg+xml')}
            >
              <DownloadIcon />
            </button>
          </>
        )}
        <CopyButton label={texts.items.copyCode} text={() => source} />
      </div>
      {svg === undefined || isSource ? (
        <pre tabIndex={0} dir="ltr">
          <code>{source}</code>
        </pre>
      ) : (
        <Picture svg={svg} source={source} />
      )}
    </div>
  );
}

function Picture({ svg, source }: { readonly svg: string; readonly source: string }) {
  const [, width, height] = /viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return (
    <div className="diagram-picture" tabIndex={0} role="group" aria-label={texts.items.diagram}>
      <img
        src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`}
        alt={source}
        width={width && Math.ceil(Number(width))}
        height={height && Math.ceil(Number(height))}
      />
    </div>
  );
}

interface Drawn {
  readonly svg?: string;
  readonly hasFailed?: boolean;
}

const FAILED: Drawn = { hasFailed: true };

/** The diagram as SVG, once it is drawn. */
function useDiagram(source: string): Drawn {
  const isDark = useIsDark();
  const [drawn, setDrawn] = useState<Drawn>({});
  useEffect(() => {
    let isCurrent = true;
    drawDiagram(source, isDark).then(
      (svg) => isCurrent && setDrawn({ svg }),
      () => isCurrent && setDrawn(FAILED),
    );
    return () => {
      isCurrent = false;
    };
  }, [source, isDark]);
  return drawn;
}
