import type { FollowDeps } from '#runtime';

/** What every follower of this process shares, to be injected. */
export class Followers {
  constructor(readonly deps: FollowDeps) {}
}
