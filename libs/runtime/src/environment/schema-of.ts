/** Prisma's parameter of the URL, which the driver does not know. */
export const schemaOf = (url: string): string | undefined =>
  (URL.canParse(url) && new URL(url).searchParams.get('schema')) || undefined;
