/** Control characters except tab and new line: in a terminal they move the cursor, write the clipboard, and more. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What a server says, as it may be written to a terminal. */
export const plain = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, '');

/** The same in one line. */
export const oneLine = (text: string): string => plain(text).replaceAll(/\s+/g, ' ').trim();
