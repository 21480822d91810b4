interface ImportMetaEnv {
  /** The domain key for the official component, as registered with OpenAI. */
  readonly VITE_CHATKIT_DOMAIN_KEY?: string;
}
