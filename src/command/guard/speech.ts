/** Says of each subject what is new of it. */
export class Speech {
  readonly #last = new Map<string, string>()

  constructor(readonly say: (text: string) => void) {}

  /** Says it unless it was the last that was said of the subject. */
  once(subject: string, text: string): void {
    if (this.#last.get(subject) === text) return
    this.#last.set(subject, text)
    this.say(text)
  }

  /** Whether anything was said of it. */
  forget(subject: string): boolean {
    return this.#last.delete(subject)
  }

  get subjects(): string[] {
    return [...this.#last.keys()]
  }
}
