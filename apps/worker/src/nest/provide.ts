import type { FactoryProvider, ValueProvider } from '@nestjs/common';

/** A class, abstract or not, that stands for what is injected. */
type Token<T> = abstract new (...args: never[]) => T;

/** A value under its token; the compiler compares the two. */
export const provideValue = <T>(provide: Token<T>, useValue: T): ValueProvider<T> => ({ provide, useValue });

/** What a function makes; the compiler compares its parameters with the list of what is injected. */
export const provideBy = <T, Deps extends unknown[]>(
  provide: Token<T>,
  inject: { [Index in keyof Deps]: Token<Deps[Index]> },
  useFactory: (...deps: Deps) => T | Promise<T>,
): FactoryProvider<T> => ({ provide, inject, useFactory: useFactory as FactoryProvider<T>['useFactory'] });
