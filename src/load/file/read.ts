import { basename, dirname } from 'node:path'
import { type Checked, failed } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Span } from '../../diagnostics/span.ts'
import { closest } from '../../diagnostics/suggest.ts'
import { positionAt, source } from '../../yaml/lines.ts'
import { parseYamlDocuments } from '../../yaml/parse.ts'
import type { Tree } from '../../yaml/tree.ts'
import { type Disk, DiskError, MOST_BYTES } from './disk.ts'

/**
 * Reads a file's text without its byte order mark. `at` is the place in a stack file that names it, if any. Fails with
 * `file-missing` or `file-unreadable`.
 */
export function readText(disk: Disk, path: string, at?: Span): Checked<string> {
  const kind = disk.kind(path)
  if (kind === 'missing') return failed(missing(disk, path, at))
  if (kind === 'directory') return failed(directory(disk, path, at))
  try {
    return decode(disk.readFile(path), path, at)
  } catch (cause) {
    if (!(cause instanceof DiskError)) throw cause
    return failed(unreadable(path, cause.code, at))
  }
}

/** Reads a stack file: its text and its YAML documents; `-` is the given standard input. */
export function readStackFile(disk: Disk, file: string, stdin?: string): Checked<{ text: string; documents: Tree[] }> {
  const text: Checked<string> = file === '-' ? { ok: true, value: stdin ?? '', warnings: [] } : readText(disk, file)
  return text.ok ? parseStack(text.value, file) : text
}

/** Parses a file's text into YAML documents. */
export function parseStack(text: string, file: string): Checked<{ text: string; documents: Tree[] }> {
  const parsed = parseYamlDocuments(text, file)
  return parsed.ok ? { ...parsed, value: { text, documents: parsed.value } } : parsed
}

function decode(bytes: Uint8Array, path: string, at: Span | undefined): Checked<string> {
  try {
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warnings: [] }
  } catch {
    return failed(notUtf8(bytes, path, at))
  }
}

function notUtf8(bytes: Uint8Array, path: string, at: Span | undefined): Diagnostic {
  const sound = soundPrefix(bytes)
  const before = new TextDecoder().decode(bytes.subarray(0, sound))
  const { line, col } = positionAt(source(before, path), before.length)
  const byte = `0x${(bytes[sound] ?? 0).toString(16).padStart(2, '0').toUpperCase()}`
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return error('file-unreadable', `${basename(path)} is not UTF-8 text: byte ${byte} at offset ${sound}`, {
    at: { file: path, line, col, endLine: line, endCol: col + 1 },
    hint: utf16 ? 'the file looks like UTF-16; save it as UTF-8' : 'save the file as UTF-8',
    related: at ? [{ message: 'the file is used here', at }] : [],
  })
}

/** The length in bytes of the longest valid UTF-8 prefix: a binary search, for the error path only. */
function soundPrefix(bytes: Uint8Array): number {
  let [sound, broken] = [0, bytes.length]
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1
    if (decodes(bytes.subarray(0, middle), true)) sound = middle
    else broken = middle
  }
  while (sound > 0 && !decodes(bytes.subarray(0, sound), false)) sound--
  return sound
}

function decodes(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream })
    return true
  } catch {
    return false
  }
}

function missing(disk: Disk, path: string, at: Span | undefined): Diagnostic {
  const parent = dirname(path)
  if (disk.kind(parent) !== 'directory') {
    return error('file-missing', `${foreign(path)} does not exist`, {
      at,
      hint: `there is no directory ${foreign(parent)} either`,
    })
  }
  const near = closest(basename(path), disk.list(parent))
  return error('file-missing', `${foreign(path)} does not exist`, {
    at,
    hint: near ? `did you mean "${near}"?` : undefined,
  })
}

function directory(disk: Disk, path: string, at: Span | undefined): Diagnostic {
  const inside = disk.list(path).find((name) => /^(?:docker-)?(?:compose|stack)\.ya?ml$|^\.env$/.test(name))
  const hint = inside ? `did you mean ${foreign(`${path.replace(/\/$/, '')}/${inside}`)}?` : 'specify a file in it'
  return error('file-unreadable', `${foreign(path)} is a directory, not a file`, { at, hint })
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ETIMEDOUT: 'nothing was written to the pipe',
  EFBIG: `it is larger than ${MOST_BYTES / 1024 / 1024} MiB`,
  ENXIO: 'it is a socket',
  ELOOP: 'its symbolic links form a loop',
}

function unreadable(path: string, code: string, at: Span | undefined): Diagnostic {
  const denied = code === 'EACCES' || code === 'EPERM'
  const reason = REASONS[code] ?? code
  return error('file-unreadable', `${foreign(path)} cannot be read: ${reason}`, {
    at,
    hint: denied ? 'check its permissions' : undefined,
  })
}
