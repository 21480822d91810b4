/** What may be given at once or later. */
export type Awaitable<T> = T | PromiseLike<T>;
