import { type Event, parseEvents, YAMLException } from 'js-yaml'
import { type Checked, checked, failed } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { buildTrees } from './build.ts'
import { type Source, source, spanBetween } from './lines.ts'
import { explainSyntaxError } from './syntax-error.ts'
import type { Tree } from './tree.ts'

/** Limits that no real stack file comes near, so that a hostile one cannot exhaust memory or the call stack. */
const MOST_CHARACTERS = 10 * 1024 * 1024
const DEEPEST_NESTING = 200

/** The one document of a YAML text. Fails with `file-empty`, `yaml-syntax`, `yaml-duplicate-key`, `yaml-alias`, `yaml-unsupported`. */
export function parseYaml(text: string, file: string): Checked<Tree> {
  const documents = parseYamlDocuments(text, file)
  if (!documents.ok) return documents
  const [first, second] = documents.value
  if (first === undefined) return failed(emptyFile(file))
  if (second === undefined) return { ok: true, value: first, warnings: documents.warnings }
  return failed(
    error('yaml-unsupported', 'this file holds several documents (---), but one is expected', { at: second.at }),
  )
}

/** The documents of a YAML text that hold something, at least one. Every key and value knows its span. */
export function parseYamlDocuments(text: string, file: string): Checked<Tree[]> {
  const from = source(text.startsWith('\uFEFF') ? text.slice(1) : text, file)
  if (from.text.length > MOST_CHARACTERS) return failed(tooLarge(file))
  const events = readEvents(from)
  if (!events.ok) return events
  const { documents, diagnostics } = buildTrees(from, events.value)
  if (documents.length === 0 && diagnostics.length === 0) return failed(emptyFile(file))
  return checked(documents, diagnostics)
}

function readEvents(from: Source): Checked<Event[]> {
  try {
    return { ok: true, value: parseEvents(from.text, { maxDepth: DEEPEST_NESTING }), warnings: [] }
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause
    return failed(explainSyntaxError(from, cause.reason, cause.mark?.position ?? 0))
  }
}

function emptyFile(file: string): Diagnostic {
  const at = { file, line: 1, col: 1, endLine: 1, endCol: 1 }
  return error('file-empty', 'this file is empty', { at, hint: 'a stack file needs at least a `services:` section' })
}

function tooLarge(file: string): Diagnostic {
  const at = spanBetween(source('', file), 0, 0)
  return error('file-unreadable', `this file is larger than ${MOST_CHARACTERS / 1024 / 1024} MiB`, { at })
}
