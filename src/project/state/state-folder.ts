import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Hears why something could not be written to the state directory. */
export type OnFailure = (error: Error) => void

/**
 * Makes a folder of the user's own, with the parents that are missing, one by one: Node's `recursive` goes on for ever where a folder that
 * is there takes none, as below `/proc`. Throws as `mkdirSync` does.
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (thrown) {
    // Another command may have made it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw thrown
  }
}
