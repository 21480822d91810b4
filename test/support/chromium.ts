import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { duringSuite } from './during-suite.js';

// The shell starts faster and needs half of the CPU time: it draws no window.
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const { CHROMIUM_PATH, PATH = '', CI, TEST_SCREENSHOTS } = process.env;

/** The system's browser: the one that CHROMIUM_PATH names, or the first on PATH. */
const chromiumPath: string | undefined =
  CHROMIUM_PATH ||
  NAMES.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name))).find(isExecutable);

/** Why browser tests do not run; empty when they do. */
export const chromiumMissing = chromiumPath
  ? ''
  : 'Browser tests need Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.';

/** Whether this machine promises to run everything. */
export const isCi = CI === 'true';

/** Folder to leave screenshots in, if they are wanted. */
export const screenshotFolder = TEST_SCREENSHOTS || undefined;

/** A microphone that beeps, which every page may use without asking. */
export const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

function launchChromium(flags: readonly string[]): Promise<Browser> {
  // Chromium's sandbox refuses to run as root.
  const args = [...FLAGS, ...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  return chromium.launch({ executablePath: chromiumPath ?? '', args });
}

/** A browser for the tests of a suite. */
export const useChromium = (...flags: readonly string[]): Browser =>
  duringSuite(
    () => launchChromium(flags),
    (browser) => browser.close(),
  );

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
