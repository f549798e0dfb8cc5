import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Receives the error if something could not be written to the state directory. */
export type OnFailure = (error: Error) => void

/**
 * Creates a folder that belongs to the user, with its missing parents, one by one: Node's `recursive` never returns if an existing
 * parent accepts no folders, as below `/proc`. Throws as `mkdirSync` does.
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (thrown) {
    // Another command may have created it in the meantime.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw thrown
  }
}
