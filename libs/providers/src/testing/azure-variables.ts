import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Every variable that the published code of Microsoft's libraries reads, and Azure's usual ones. */
export const AZURE_VARIABLES: ReadonlySet<string> = new Set(
  ['identity/dist/commonjs', 'msal-node/lib'].flatMap((folder) => {
    const root = fileURLToPath(new URL(`../../../../node_modules/@azure/${folder}/`, import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.c?js$/.test(file));
    return files.flatMap(
      (file) => readFileSync(root + file, 'utf8').match(/\b(AZURE|MSAL|MSI|IDENTITY|IMDS|REGION)_[A-Z_]+\b/g) ?? [],
    );
  }),
);
