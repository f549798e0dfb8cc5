import type { Origin } from './model.ts'

/**
 * Whether a container was brought up from this directory, or from one of these files.
 * @param realOf follows symbolic links; undefined for a missing directory
 */
export function isFrom(container: Origin, { workingDir, configFiles }: Origin, realOf: RealDirectory): boolean {
  const isSame = configFiles.some((file) => container.configFiles.includes(file)) || container.workingDir === workingDir
  if (isSame || isSameRemote(container.workingDir, workingDir)) return true
  const real = realOf(container.workingDir)
  return real !== undefined && real === realOf(workingDir)
}

/** Versions of one remote stack lie beside each other in flotilla's cache (remote/place.ts). */
function isSameRemote(one: string, other: string): boolean {
  const [first, second] = [one, other].map((directory) => VERSION.exec(directory))
  return first?.[1] !== undefined && first[1] === second?.[1] && first[2] === second[2]
}

const VERSION = /^(.*[\\/]flotilla[\\/]remote[\\/](?:oci|git)[\\/][^\\/]+)[\\/][^\\/]+(.*)$/

export type RealDirectory = (path: string) => string | undefined

/** The directory that a project was brought up from, if it is not the stack's and still exists. */
export function otherOrigin(all: readonly Origin[], origin: Origin, realOf: RealDirectory): string | undefined {
  if (all.some((each) => isFrom(each, origin, realOf))) return undefined
  return all.map(({ workingDir }) => workingDir).find((directory) => realOf(directory) !== undefined)
}
