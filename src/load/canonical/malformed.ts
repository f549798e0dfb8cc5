import { error } from '../../diagnostics/diagnostic.ts'
import type { Tree } from '../../yaml/tree.ts'
import { withoutSecrets } from '../tree/excerpt.ts'
import type { Report } from '../tree/rewrite.ts'

/** Thrown while a value is parsed; `checkedPart` turns it into a diagnostic at the node with the value. */
export class Malformed extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/** The result of `make`; undefined if it throws Malformed, after reporting `invalid-value`. */
export function checkedPart<T>(node: Tree, report: Report, make: () => T): T | undefined {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    const [message, hint] = [cause.message, cause.hint].map((sentence) => withoutSecrets(sentence, node))
    report(error('invalid-value', message ?? '', { at: node.at, hint }))
    return undefined
  }
}
