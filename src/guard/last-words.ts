import type { Reader } from '../backend/reader.ts'
import { foreign } from '../diagnostics/foreign.ts'
import { visible } from '../view/redact/visible.ts'

/** Lines from the end among which the last one that says something is looked for. */
const LINES = 10
const MOST_CHARACTERS = 200

/** The last line that a container printed; undefined if it printed nothing, or its log cannot be read. */
export async function lastWords(reader: Reader, id: string, signal: AbortSignal): Promise<string | undefined> {
  let last: string | undefined
  try {
    const options = { follow: false, tail: LINES, timestamps: false }
    for await (const { text } of reader.logs(id, options, signal)) if (text.trim() !== '') last = text.trim()
  } catch {
    // It is gone by now, or its log driver keeps nothing to be read: its end is reported all the same.
    return undefined
  }
  return last === undefined ? undefined : foreign(visible(cut(last.replace(/\s+/g, ' '))))
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text
}
