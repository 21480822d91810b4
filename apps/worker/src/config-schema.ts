import { z } from 'zod';
import { configFileParts } from '#providers';
import { ConfigFile } from '#runtime';

/** A JSON schema of the whole config file, for editors and for the names of settings in messages. */
export function configFileSchema(): object {
  return z.toJSONSchema(ConfigFile.extend(configFileParts), { io: 'input', unrepresentable: 'any', reused: 'ref' });
}
