/** Says of each subject what is new of it. */
export class Reporter {
  readonly #last = new Map<string, string>()

  constructor(readonly say: (text: string) => void) {}

  /** Says it unless it was the last that was said of the subject. */
  once(subject: string, text: string): void {
    if (this.isNews(subject, text)) this.say(text)
  }

  /** Whether it was not the last that was said of the subject; from now on it is. */
  isNews(subject: string, text: string): boolean {
    if (this.#last.get(subject) === text) return false
    this.#last.set(subject, text)
    return true
  }

  /** Whether anything was said of it. */
  forget(subject: string): boolean {
    return this.#last.delete(subject)
  }

  get subjects(): string[] {
    return [...this.#last.keys()]
  }
}
