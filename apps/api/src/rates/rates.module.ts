import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RateGuard } from './rate.guard.js';
import { RequestRates } from './request-rates.js';

/** After the module of the guard that authenticates: guards are asked in the order of their modules. */
@Module({ providers: [RequestRates, { provide: APP_GUARD, useClass: RateGuard }], exports: [RequestRates] })
export class RatesModule {}
