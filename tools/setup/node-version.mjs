import { SetupError } from './setup-error.mjs';

const OLDEST = [20, 19];

/** Older versions fail later, with messages that do not show the reason. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new SetupError(`Node ${version} is too old: ChatKit Relay needs Node ${OLDEST.join('.')} or newer.`);
}
