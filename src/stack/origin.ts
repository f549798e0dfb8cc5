import { COMPOSE } from './labels.ts'
import type { Origin } from './model.ts'

type Labels = Readonly<Record<string, string>>

/**
 * Whether a container was brought up from this directory, or from one of these files.
 * @param realOf follows symbolic links; undefined for a directory that is not there
 */
export function isFrom(labels: Labels, { workingDir, configFiles }: Origin, realOf: RealDirectory): boolean {
  const files = (labels[COMPOSE.configFiles] ?? '').split(',')
  const directory = labels[COMPOSE.workingDir] ?? ''
  if (configFiles.some((file) => files.includes(file)) || directory === workingDir) return true
  const real = realOf(directory)
  return real !== undefined && real === realOf(workingDir)
}

export type RealDirectory = (path: string) => string | undefined

/** The directory that a project was brought up from, where it is another one than that of the stack and is still there. */
export function otherOrigin(all: readonly Labels[], origin: Origin, realOf: RealDirectory): string | undefined {
  if (all.some((labels) => isFrom(labels, origin, realOf))) return undefined
  return all.map((labels) => labels[COMPOSE.workingDir] ?? '').find((directory) => realOf(directory) !== undefined)
}
