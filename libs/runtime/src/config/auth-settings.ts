import type { AuthFile } from '../auth/auth-file.js';
import { AuthModes, type AuthMode, distinguishesUsers } from '../auth/auth-modes.js';
import { accessVariables } from '../environment/access-variables.js';
import type { Environment } from '../environment/parse-environment.js';
import type { Variable } from '../environment/variable.js';
import { mistypedNames } from './mistyped-names.js';

/** The modes that read each variable. The first one is what whoever sets it probably wants. */
const READERS = Object.entries<Variable>(accessVariables).flatMap(([name, { authModes }]) =>
  authModes ? [[name, authModes] as const] : [],
);

/** What has no variable, but looks as if it had one. */
const IN_FILE: Readonly<Record<string, string>> = {
  AUTH_MODULE: 'AUTH_MODULE: there is no such setting; auth.module of the config file names the module',
};

/** All variables of authentication: whoever sets another one has mistyped it, and believes to be protected. */
const KNOWN = Object.keys(accessVariables).filter((name) => name.startsWith('AUTH_'));

/**
 * Why a process must not start with these settings of authentication: nobody can tell what was meant, and one of the
 * readings lets everybody in. Empty variables must not be in `given`. What a mode in use lacks is not looked at here.
 */
export function authSettingProblems(given: Environment, file: AuthFile): string[] {
  const mode = AuthModes.optional().safeParse(given['AUTH_MODE']);
  const mistyped = mistypedNames(Object.keys(given), KNOWN).map(
    ({ name, meant }) =>
      IN_FILE[name] ??
      (meant
        ? `${name}: there is no such setting; ${meant} is meant, probably`
        : `${name}: there is no such setting; those of authentication are ${KNOWN.join(', ')}`),
  );
  if (!mode.success) return mistyped;
  return [...mistyped, ...undercut(mode.data, file), ...unread(given, mode.data, file)];
}

/** The environment takes precedence over the file, but does not open what the file closes. */
function undercut(mode: readonly AuthMode[] | undefined, file: AuthFile): string[] {
  if (!mode || distinguishesUsers(mode) || !file.mode || !distinguishesUsers(file.mode)) return [];
  const asked = file.mode.join(',');
  return [
    `AUTH_MODE: is none, which lets everybody in, but auth.mode of the config file asks for ${asked}: ` +
      `remove AUTH_MODE from the environment, or auth.mode from the file`,
  ];
}

function unread(given: Environment, mode: readonly AuthMode[] | undefined, file: AuthFile): string[] {
  const modes = mode ?? file.mode;
  const variables = READERS.flatMap(([name, readers]) => {
    if (given[name] === undefined || readers.some((reader) => modes?.includes(reader))) return [];
    return [`${name}: ${unreadBecause(readers[0], mode, file.mode)}`];
  });
  if (modes && distinguishesUsers(modes)) return variables;
  // With a mode, the file may have settings of others, between which AUTH_MODE chooses.
  const keys = fileKeys(file).map(([key, reader]) => `${key}: ${unreadBecause(reader, mode, file.mode)}`);
  return [...variables, ...keys];
}

/** Why a setting has no effect, and what to do about it. */
function unreadBecause(
  wanted: AuthMode,
  mode: readonly AuthMode[] | undefined,
  fileMode: readonly AuthMode[] | undefined,
): string {
  const modes = mode ?? fileMode;
  if (!modes)
    return `has no effect without AUTH_MODE, and everybody would be let in: set AUTH_MODE=${wanted}, or remove it`;
  const where = mode ? `AUTH_MODE=${mode.join(',')}` : `auth.mode: ${modes.join(',')} of the config file`;
  if (!distinguishesUsers(modes)) {
    return `contradicts ${where}, which lets everybody in: set AUTH_MODE=${wanted}, or remove it`;
  }
  return `has no effect with ${where}: set AUTH_MODE=${[...modes, wanted].join(',')}, or remove it`;
}

/** What the file sets for single modes. */
function fileKeys({ userHeader, tenantHeader, rolesHeader, jwt, module }: AuthFile): [string, AuthMode][] {
  const { secret, jwksUrl, issuer, audience } = jwt;
  const groups: [AuthMode, string, Readonly<Record<string, unknown>>][] = [
    ['trustedHeader', 'auth', { userHeader, tenantHeader, rolesHeader }],
    ['jwt', 'auth.jwt', { secret, jwksUrl, issuer, audience }],
    ['module', 'auth', { module }],
  ];
  return groups.flatMap(([mode, path, settings]) =>
    Object.entries(settings).flatMap(([key, value]): [string, AuthMode][] =>
      value === undefined ? [] : [[`${path}.${key}`, mode]],
    ),
  );
}
