/** @import * as Engine from '@prisma/schema-engine-wasm/schema_engine_bg' */

/**
 * When it creates a migration, the engine does not see existing partial indexes and would create them again each time;
 * when it compares migrations with a schema, it does. So the comparison is used for both.
 * @param {() => Promise<Engine.SchemaEngine>} connected
 * @param {(params: Engine.DiffParams) => Promise<Engine.DiffResult>} compare
 */
export function seeingPartialIndexes(connected, compare) {
  /** @param {Engine.EvaluateDataLossInput} params */
  const scriptFor = async ({ migrationsList, schema, filters }) => {
    /** @type {Engine.DiffTarget} */
    const from = { tag: 'migrations', ...migrationsList };
    /** @type {Engine.DiffTarget} */
    const to = { tag: 'schemaDatamodel', ...schema };
    const { exitCode, stdout } = await compare({ from, to, script: true, exitCode: true, filters });
    return exitCode === 0 ? '' : stdout;
  };
  return {
    /** @param {Engine.CreateMigrationInput} params */
    createMigration: async (params) => {
      const migration = await (await connected()).createMigration(params);
      return { ...migration, migrationScript: await scriptFor(params) };
    },
    /** @param {Engine.EvaluateDataLossInput} params */
    evaluateDataLoss: async (params) => {
      const loss = await (await connected()).evaluateDataLoss(params);
      const isSame = loss.migrationSteps > 0 && (await scriptFor(params)) === '';
      return isSame ? { migrationSteps: 0, unexecutableSteps: [], warnings: [] } : loss;
    },
  };
}
