import { type Event, parseEvents, YAMLException } from 'js-yaml'
import { type Checked, checked, failed } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { buildTrees } from './build.ts'
import { withFlowLinesIndented } from './flow-lines.ts'
import { type Source, source, spanBetween } from './lines.ts'
import { explainSyntaxError } from './syntax-error.ts'
import type { Tree } from './tree.ts'

/** Limits that no real stack file approaches, so that a hostile one cannot exhaust memory or the call stack. */
const MOST_CHARACTERS = 10 * 1024 * 1024
const DEEPEST_NESTING = 200

/**
 * Parses a YAML text with a single document. Fails with `file-empty`, `yaml-syntax`, `yaml-duplicate-key`, `yaml-alias`,
 * `yaml-unsupported`.
 */
export function parseYaml(text: string, file: string): Checked<Tree> {
  const documents = parseYamlDocuments(text, file)
  if (!documents.ok) return documents
  const [first, second] = documents.value
  if (first === undefined) return failed(emptyFile(file))
  if (second === undefined) return { ok: true, value: first, warnings: documents.warnings }
  return failed(
    error('yaml-unsupported', 'this file contains several documents (---), but one is expected', { at: second.at }),
  )
}

/** Parses the non-empty documents of a YAML text, at least one. Every key and value has its span. */
export function parseYamlDocuments(text: string, file: string): Checked<Tree[]> {
  const { documents, diagnostics } = recoverYamlDocuments(text, file)
  return documents ? checked(documents, diagnostics) : failed(...diagnostics)
}

/**
 * The same for callers that continue despite problems: duplicate keys, unknown aliases and tags, and non-string keys still yield
 * documents, with `!reset` on unusable values. Undefined if the text is not YAML, empty, or hostile.
 */
export function recoverYamlDocuments(text: string, file: string): { documents?: Tree[]; diagnostics: Diagnostic[] } {
  const from = source(text.startsWith('\uFEFF') ? text.slice(1) : text, file)
  if (from.text.length > MOST_CHARACTERS) return { diagnostics: [tooLarge(file)] }
  const events = readEvents(from)
  if (!events.ok) return events
  const { documents, diagnostics, hostile } = buildTrees(from, events.value)
  if (hostile) return { diagnostics }
  if (documents.length === 0 && diagnostics.length === 0) return { diagnostics: [emptyFile(file)] }
  return { documents, diagnostics }
}

function readEvents(from: Source): Checked<Event[]> {
  const first = tryEvents(from.text)
  if (Array.isArray(first)) return { ok: true, value: first, warnings: [] }
  const second = withFlowLinesIndented(from.text, first, tryEvents)
  if (Array.isArray(second)) return { ok: true, value: second, warnings: [] }
  return failed(explainSyntaxError(from, second.reason, second.position))
}

function tryEvents(text: string): Event[] | { reason: string; position: number } {
  try {
    return parseEvents(text, { maxDepth: DEEPEST_NESTING })
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause
    return { reason: cause.reason, position: cause.mark?.position ?? 0 }
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
