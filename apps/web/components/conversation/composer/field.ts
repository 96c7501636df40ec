/** A text field at one moment: its text and what is selected. */
export interface Field {
  text: string;
  start: number;
  end: number;
}

/** What to put where, and what to select afterwards. */
export interface Replacement {
  from: number;
  to: number;
  insert: string;
  start: number;
  end: number;
}
