export function resolveEngineSecrets(env: Record<string, string | undefined>): void;
