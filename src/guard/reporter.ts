/** Reports what is new about each subject. */
export class Reporter {
  readonly #last = new Map<string, string>()

  constructor(readonly say: (text: string) => void) {}

  /** Reports a text unless it equals the last one about the subject. */
  once(subject: string, text: string): void {
    if (this.isNews(subject, text)) this.say(text)
  }

  /** Whether the text differs from the last one about the subject; records it. */
  isNews(subject: string, text: string): boolean {
    if (this.#last.get(subject) === text) return false
    this.#last.set(subject, text)
    return true
  }

  /** Forgets the subject; returns whether anything was reported about it. */
  forget(subject: string): boolean {
    return this.#last.delete(subject)
  }

  get subjects(): string[] {
    return [...this.#last.keys()]
  }
}
