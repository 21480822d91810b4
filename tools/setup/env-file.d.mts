export function loadEnvFile(root: string, env?: NodeJS.ProcessEnv): void;
export function parseEnvFile(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  path?: string,
): Record<string, string>;
