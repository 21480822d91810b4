import { Controller, Get, Header } from '@nestjs/common';
import { CachedCatalogue } from './cached-catalogue.js';
import { type ModelChoices, modelChoices } from './model-choices.js';

/** What a caller may write into `inference_options.model`. */
@Controller('models')
export class ModelsController {
  constructor(private readonly catalogue: CachedCatalogue) {}

  @Get()
  @Header('cache-control', 'no-cache')
  async list(): Promise<ModelChoices> {
    return modelChoices(await this.catalogue.load());
  }
}
