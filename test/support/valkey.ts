import { spawnSync } from 'node:child_process';

// oxlint-disable-next-line node/no-process-env -- where tools/containers/valkey.sh has put it
export const valkeyServer = process.env['VALKEY_SERVER'] ?? 'valkey-server';

/** Why tests on Valkey do not run; empty when they do. */
export const valkeyMissing =
  spawnSync(valkeyServer, ['--version']).status === 0
    ? ''
    : 'Tests on Valkey need it: VALKEY_SERVER=$(bash tools/containers/valkey.sh /opt/valkey), as root on a Debian.';
