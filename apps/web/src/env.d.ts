interface ImportMetaEnv {
  /** The key of the domain that the official component runs on, as OpenAI has registered it. */
  readonly VITE_CHATKIT_DOMAIN_KEY?: string;
}
