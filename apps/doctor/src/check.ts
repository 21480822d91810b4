import type { Finding } from './finding.js';

/** Something that the doctor looks at. `Subject` is what it needs to know: the installation, or a server. */
export interface Check<Subject> {
  readonly name: string;
  /** Leaves nothing behind. What it throws is a finding too: that it could not look. */
  run(subject: Subject): Promise<readonly Finding[]>;
}

/** A finding, and the check that it is of. */
export interface NamedFinding extends Finding {
  readonly check: string;
}
