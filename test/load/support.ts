import { type Checked, unwrap } from '../../src/diagnostics/checked.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { memoryDisk } from '../../src/load/file/memory-disk.ts'
import type { LoadInput } from '../../src/load/input.ts'
import { load } from '../../src/load/load.ts'
import type { Loaded } from '../../src/load/loaded.ts'

/** Loads files held in memory below /lab; stack.yaml unless `input.files` says otherwise. */
export function loadFiles(files: Record<string, string>, input: Partial<LoadInput> = {}): Checked<Loaded> {
  const disk = memoryDisk(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path.startsWith('/') ? path : `/lab/${path}`, text]),
    ),
  )
  const standard = {
    files: ['/lab/stack.yaml'],
    profiles: [],
    envFiles: [],
    environment: {},
    workingDirectory: '/lab',
    home: '/home/me',
  }
  return load({ ...standard, ...input }, disk)
}

/** The loaded stack of one file; throws if it has problems. */
export function loadText(text: string, input: Partial<LoadInput> = {}): Loaded {
  return unwrap(loadFiles({ 'stack.yaml': text }, input))
}

export function problemsIn(result: Checked<Loaded>): Diagnostic[] {
  return result.ok ? result.warnings : result.diagnostics
}

/** `code line:col` of each problem. */
export function placesOf(result: Checked<Loaded>): string[] {
  return problemsIn(result).map(({ code, at }) => (at ? `${code} ${at.line}:${at.col}` : code))
}
