import { each, either, fields, text } from '../../../util/shape.ts'
import type { FailedStep } from '../../port.ts'

/** Number of lines of a step's output that are kept in case it fails. */
export const LOG_LINES = 30

/** One line of the answer to a build. */
export interface BuildMessage {
  id?: string
  /** The classic builder's output. */
  stream?: string
  /** BuildKit's trace (base64), or the image's id. */
  aux?: string | { ID?: string } | null
  error?: string
  errorDetail?: { message?: string }
}

export const BUILD_MESSAGE = fields({
  ...each('id stream error', text),
  ...each('aux', either(text, fields(each('ID', text)))),
  ...each('errorDetail', fields(each('message', text))),
})

/** Follows a builder's answer and reports its progress to the caller. */
export interface BuildProgress {
  add(message: BuildMessage): void
  /** Derives the failed step from the engine's error message. */
  failure(sentence: string): FailedStep
}
