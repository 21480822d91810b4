import { Module } from '@nestjs/common';
import { RequestRates } from './request-rates.js';

@Module({ providers: [RequestRates], exports: [RequestRates] })
export class RatesModule {}
