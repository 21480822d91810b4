/**
 * Asked for a new migration, the engine does not see the partial indexes that are there already, and would make them
 * again each time; comparing migrations with a schema, it does. So the comparison answers both questions.
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
