import { type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StackError } from '../../../diagnostics/checked.ts'
import type { Code } from '../../../diagnostics/codes.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { MOST_BYTES, readSmallFile } from '../../small-file.ts'

interface Sources {
  /** Absolute. */
  context: string
  dockerfile: string
  dockerfileInline?: string
}

/** @throws StackError that explains why the Dockerfile cannot be read. */
export function readDockerfileText({ context, dockerfile }: Sources): string {
  const path = resolve(context, dockerfile)
  return read('Dockerfile', path, statOf(path))
}

/**
 * The text of `<Dockerfile>.dockerignore`, or else of the context's `.dockerignore`, if either exists.
 * @throws StackError if the file exists but cannot be read: builders would skip it and send the files that it excludes.
 */
export function readIgnoreFile({ context, dockerfile, dockerfileInline }: Sources): string | undefined {
  const own = dockerfileInline === undefined ? [resolve(context, `${dockerfile}.dockerignore`)] : []
  for (const path of [...own, join(context, '.dockerignore')]) {
    const stats = statOf(path)
    if (stats?.isFIFO()) throw unreadable(`the ignore file ${foreign(path)} is a pipe, not a file`)
    if (stats) return read('ignore file', path, stats)
  }
  return undefined
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw unreadable(`${foreign(path)} cannot be read: ${REASONS[code] ?? code}`)
  }
}

function read(what: string, path: string, stats: Stats | undefined): string {
  const named = `the ${what} ${foreign(path)}`
  if (!stats) throw unreadable(`${named} does not exist`, 'path-missing')
  if (stats.isDirectory()) throw unreadable(`${named} is a directory, not a file`)
  try {
    return readSmallFile(path).toString('utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    throw unreadable(
      code
        ? `${named} cannot be read: ${REASONS[code] ?? code}`
        : `${named} is larger than ${MOST_BYTES / 1024 / 1024} MiB`,
    )
  }
}

function unreadable(message: string, code: Code = 'file-unreadable'): StackError {
  return new StackError([error(code, message)])
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EAGAIN: 'nothing has been written to it',
  ENXIO: 'it is a socket',
  ELOOP: 'its symbolic links go round in a circle',
}
