/**
 * When it creates a migration, the engine does not see existing partial indexes and would create them again each time;
 * when it compares migrations with a schema, it does. So the comparison is used for both.
 */
export function seeingPartialIndexes(connected, compare) {
  const scriptFor = async ({ migrationsList, schema, filters }) => {
    const from = { tag: 'migrations', ...migrationsList };
    const to = { tag: 'schemaDatamodel', ...schema };
    const { exitCode, stdout } = await compare({ from, to, script: true, exitCode: true, filters });
    return exitCode === 0 ? '' : stdout;
  };
  return {
    createMigration: async (params) => {
      const migration = await (await connected()).createMigration(params);
      return { ...migration, migrationScript: await scriptFor(params) };
    },
    evaluateDataLoss: async (params) => {
      const loss = await (await connected()).evaluateDataLoss(params);
      const isSame = loss.migrationSteps > 0 && (await scriptFor(params)) === '';
      return isSame ? { migrationSteps: 0, unexecutableSteps: [], warnings: [] } : loss;
    },
  };
}
