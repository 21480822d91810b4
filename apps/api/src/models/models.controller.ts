import { Controller, Get, Header } from '@nestjs/common';
import { type ModelChoices, modelChoices } from './model-choices.js';
import { ModelNames } from './model-names.js';

/** What a caller may write into `inference_options.model`. */
@Controller('models')
export class ModelsController {
  constructor(private readonly models: ModelNames) {}

  @Get()
  @Header('cache-control', 'no-cache')
  async list(): Promise<ModelChoices> {
    return modelChoices(await this.models.catalogue());
  }
}
