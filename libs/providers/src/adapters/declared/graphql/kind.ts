import { defineKind } from '../../kind.js';
import { GraphqlConfig } from './config.js';
import { createGraphqlProvider } from './provider.js';

export const graphql = defineKind({
  config: GraphqlConfig,
  create: (config, { outgoing }) => createGraphqlProvider({ ...config, ...outgoing }),
  // Its template has no place for fields that it does not name.
  formatFields: () => undefined,
  acceptedFiles: () => null,
});
