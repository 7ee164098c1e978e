import type { Kind, Side } from '../../../../shared/domain.ts';
import type { Marks } from '../marks.ts';

export interface RecordName {
  readonly side: Side;
  readonly kind: Kind;
  readonly nativeId: string;
}

export interface Violation {
  /** The rule of docs/sync-rules.md that was broken, such as `I2`. */
  readonly rule: string;
  readonly what: string;
  /** The step of the story in which it was seen. */
  readonly step: number;
  readonly record: RecordName | null;
}

/** A rule was looked at: counted, and where it does not hold, told. */
export type Check = (holds: boolean, rule: string, what: () => string) => void;

/** What the judges have found, and how often each rule was looked at (marks `check:RULE`). */
export class Report {
  readonly violations: Violation[] = [];
  step = 0;
  readonly marks: Marks;

  constructor(marks: Marks) {
    this.marks = marks;
  }

  /** A check of rules about one record; null: about none in particular. */
  about(record: RecordName | null): Check {
    return (holds, rule, what) => {
      this.marks.add(`check:${rule}`);
      if (!holds) this.violations.push({ rule, what: what(), step: this.step, record });
    };
  }
}
