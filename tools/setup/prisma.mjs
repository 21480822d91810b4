/** The CLI's check for updates uses the network, and its hints are not for our users. */
export const prismaEnvironment = (extra = {}) => ({
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  NO_COLOR: '1',
  ...extra,
});
