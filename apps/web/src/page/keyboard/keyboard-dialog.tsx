import { Fragment } from 'react';
import { texts } from '../../i18n/texts.js';
import { Dialog } from '../dialog.js';
import { keyboardMap } from './shortcuts.js';

export function KeyboardDialog({ onClose }: { readonly onClose: () => void }) {
  const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
  return (
    <Dialog title={texts.core.keyboard} onClose={onClose}>
      <dl className="keys">
        {keyboardMap(isMac).map(({ what, keys }) => (
          <Fragment key={what}>
            <dt>{what}</dt>
            <dd dir="ltr">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
