interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
interface Contents {
  roots(manifest: Manifest): string[];
  isLeftOut(name: string): boolean;
}
export const CONTENTS: Readonly<Record<'runtime' | 'migrate', Contents>>;
export function isKept(packageName: string, path: string): boolean;
