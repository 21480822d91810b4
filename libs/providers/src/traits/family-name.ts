/**
 * A model's id as the patterns of families see it: in small letters, dots and underscores as dashes, without the path in front of it
 * (OpenRouter's vendor, Fireworks' account) and the version behind it (`@20250929`, `:0`, Ollama's tags). Prefixes that are joined by
 * a dot (`us.anthropic.`) stay, so patterns have no beginning.
 */
export function familyName(model: string): string {
  const [name = ''] = model.slice(model.lastIndexOf('/') + 1).split(/[@:]/);
  return name.toLowerCase().replaceAll(/[._]/g, '-');
}
