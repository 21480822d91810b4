import { AppError, type Catalogue } from '#runtime';
import { modelChoices } from '../models/model-choices.js';

/** One model, as OpenAI lists it. */
export interface ListedModel {
  /** What a request names: a public name, or `provider/model`. */
  readonly id: string;
  readonly object: 'model';
  /** Providers do not say when a model was made. */
  readonly created: 0;
  /** The provider's id. */
  readonly owned_by: string;
  /** What other servers of this format add: a name for people, and tokens of prompt and answer together, and of an answer at most. */
  readonly name?: string;
  readonly context_length?: number;
  readonly max_completion_tokens?: number;
}

export interface ModelList {
  readonly object: 'list';
  readonly data: readonly ListedModel[];
}

/** Public names first, then the models of each provider, as `GET /models` has them. */
export function modelList(catalogue: Catalogue | undefined): ModelList {
  const data = modelChoices(catalogue).models.map(
    ({ id, provider, label, contextWindow, maxOutputTokens }): ListedModel => ({
      ...toListed(id, provider),
      ...(!id.endsWith(label) && { name: label }),
      ...(contextWindow !== undefined && { context_length: contextWindow }),
      ...(maxOutputTokens !== undefined && { max_completion_tokens: maxOutputTokens }),
    }),
  );
  return { object: 'list', data };
}

/** A model by its id, listed or not, as long as a request may name it. Throws `model.unknown`. */
export function findModel(catalogue: Catalogue | undefined, id: string): ListedModel {
  const listed = modelList(catalogue).data.find((model) => model.id === id);
  if (listed) return listed;
  const provider = catalogue?.providers.find((one) => id.startsWith(`${one.id}/`) && id.length > one.id.length + 1);
  if (provider) return toListed(id, provider.id);
  throw new AppError('model.unknown', `There is no model "${id}".`);
}

const toListed = (id: string, provider: string): ListedModel => ({
  id,
  object: 'model',
  created: 0,
  owned_by: provider,
});
