import type { Origin } from './model.ts'

/**
 * Whether a container was brought up from this directory, or from one of these files.
 * @param realOf follows symbolic links; undefined for a missing directory
 */
export function isFrom(container: Origin, { workingDir, configFiles }: Origin, realOf: RealDirectory): boolean {
  const isSame = configFiles.some((file) => container.configFiles.includes(file)) || container.workingDir === workingDir
  if (isSame) return true
  const real = realOf(container.workingDir)
  return real !== undefined && real === realOf(workingDir)
}

export type RealDirectory = (path: string) => string | undefined

/** The directory that a project was brought up from, if it is not the stack's and still exists. */
export function otherOrigin(all: readonly Origin[], origin: Origin, realOf: RealDirectory): string | undefined {
  if (all.some((each) => isFrom(each, origin, realOf))) return undefined
  return all.map(({ workingDir }) => workingDir).find((directory) => realOf(directory) !== undefined)
}
