/** Postgres' class for values that a column cannot hold (NUL, half a character, out of range), and JSON that is too deep. */
const POSTGRES = /^(22\w{3}|54001)$/;

/** Whether a statement failed because of the values in it, which came with the request, rather than because of the engine. */
export function isUnstorable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return (
    CODES.some((name) => POSTGRES.test(String((error as Fields)[name]))) ||
    CAUSES.some((name) => isUnstorable((error as Fields)[name]))
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** Prisma's driver adapters name the code of the database so. */
const CODES = ['code', 'originalCode'];
/** Where Prisma puts the error of its driver adapter. */
const CAUSES = ['cause', 'meta', 'driverAdapterError'];
