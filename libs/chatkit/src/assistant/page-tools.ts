import { z } from 'zod';
import { type ClientTool, clientTool } from './tool.js';

/**
 * The client tools of the chat page that the relay serves: give an assistant those that it needs, as in
 * `tools: [pageTools.set_theme]`. The page asks the person before it copies or opens anything. Another page can offer
 * the same ones in its `onClientTool`.
 */
export const pageTools = {
  /** Returns `{ url, title, language, timeZone, localTime, theme, width, height }`. */
  get_page_context: clientTool({
    name: 'get_page_context',
    description:
      'What the page of the user is like: its address and title, the language, the time zone and the local time of the ' +
      'user, the colour theme, and the width and height of the window in pixels.',
    parameters: z.object({}),
  }),
  /** Returns `{ theme }`. */
  set_theme: clientTool({
    name: 'set_theme',
    description: 'Makes the page light or dark, or as the system of the user wants it.',
    parameters: z.object({ theme: z.enum(['light', 'dark', 'system']) }),
  }),
  /** Returns `{ copied: true }`, after the user has allowed it. */
  copy_to_clipboard: clientTool({
    name: 'copy_to_clipboard',
    description: 'Copies a text to the clipboard of the user, who is asked first.',
    parameters: z.object({ text: z.string().min(1) }),
  }),
  /** Returns `{ opened: url }`, after the user has allowed it. */
  open_link: clientTool({
    name: 'open_link',
    description: 'Opens a web page (http or https) in a new tab of the user, who is asked first.',
    parameters: z.object({ url: z.url() }),
  }),
} as const satisfies Readonly<Record<string, ClientTool>>;

export type PageToolName = keyof typeof pageTools;
