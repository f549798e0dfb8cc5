/** One line of the answer to a build. */
export interface BuildMessage {
  id?: string
  /** The classic builder's output. */
  stream?: string
  /** BuildKit's trace (base64), or the image's id. */
  aux?: string | { ID?: string }
  error?: string
  errorDetail?: { message?: string }
}

/** Follows a builder's answer and tells the caller what it does. */
export interface BuildProgress {
  add(message: BuildMessage): void
  /** The engine's sentence for a failed build, with the step that failed where the answer told it. */
  failure(sentence: string): string
}
