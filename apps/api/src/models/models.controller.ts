import { Controller, Get, Header } from '@nestjs/common';
import { CachedCatalogue } from './cached-catalogue.js';
import { ModelChoices, modelChoices } from './model-choices.js';
import { Describes } from '../described/describes.js';

/** What a caller may write into `inference_options.model`. */
@Controller('models')
export class ModelsController {
  constructor(private readonly catalogue: CachedCatalogue) {}

  @Describes({ summary: 'Lists the models that a message may name', answer: ModelChoices })
  @Get()
  @Header('cache-control', 'no-cache')
  async list(): Promise<ModelChoices> {
    return modelChoices(await this.catalogue.load());
  }
}
