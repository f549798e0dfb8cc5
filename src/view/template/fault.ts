/** A template that cannot be parsed or evaluated. `at`: the offset in its text, in UTF-16 units. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault'
  constructor(
    message: string,
    readonly at: number,
    readonly hint?: string,
  ) {
    super(message)
  }
}
