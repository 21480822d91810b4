import type { Warning } from '#providers';
import { encodeGatewayWarnings } from '#runtime';

/** What of a request the model did not get, told to the caller in front of the first frame of the answer. */
export class CompletionWarnings {
  private readonly told: string[] = [];
  private isTold = false;

  add(warning: Warning): void {
    this.told.push('setting' in warning ? `${warning.setting}: ${warning.detail}` : warning.detail);
  }

  /** The frames, with the warnings before them if they are the first. */
  before(frames: string): string {
    if (this.isTold) return frames;
    this.isTold = true;
    return encodeGatewayWarnings(this.told) + frames;
  }
}
