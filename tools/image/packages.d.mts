interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}
export function packageFolders(
  locked: Readonly<Record<string, Locked>>,
  roots: readonly string[],
  isLeftOut?: (name: string) => boolean,
): string[];
