import type { Warning } from '#providers';
import { encodeGatewayWarnings } from '#runtime';

/** What of a request the model did not get, or of an answer the caller does not, told to the caller in front of the first frame of the answer. */
export class CompletionWarnings {
  private readonly told = new Set<string>();
  private isTold = false;

  add(warning: Warning): void {
    this.told.add('setting' in warning ? `${warning.setting}: ${warning.detail}` : warning.detail);
  }

  /** A picture that the answer announced and does not have. */
  addLostPicture(): void {
    this.told.add('a picture of the answer could not be made');
  }

  /** The frames, with the warnings before them if they are the first. */
  before(frames: string): string {
    if (this.isTold) return frames;
    this.isTold = true;
    return encodeGatewayWarnings([...this.told]) + frames;
  }
}
