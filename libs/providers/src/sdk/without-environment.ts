/**
 * What `construct` makes, without the process's environment: the vendors' constructors fill in keys, base URLs, organisations and
 * even headers (`OPENAI_CUSTOM_HEADERS`, `ANTHROPIC_CUSTOM_HEADERS`) from variables, some of which no option overrides. A provider is
 * what its entry says, and nothing else. Nothing else runs in between, because `construct` is synchronous.
 */
export function withoutEnvironment<Client>(construct: () => Client): Client {
  const { env } = process;
  // oxlint-disable-next-line node/no-process-env -- nothing of it is read: it is hidden
  process.env = {};
  try {
    return construct();
  } finally {
    // oxlint-disable-next-line node/no-process-env
    process.env = env;
  }
}
