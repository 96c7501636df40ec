/** Something the person at the terminal can put right: shown as one line, without a stack. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    message: string,
    readonly showUsage = false,
  ) {
    super(message);
  }
}
