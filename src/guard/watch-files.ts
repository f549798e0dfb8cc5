import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Calls back when one of the files (absolute paths) changes. Watches their folders, since editors replace files. */
export function watchFiles(files: readonly string[], onChange: () => void): () => void {
  const folders = [...new Set(files.map((file) => dirname(file)))]
  const watchers = folders.flatMap((folder) => {
    const names = new Set(files.filter((file) => dirname(file) === folder).map((file) => basename(file)))
    const changed = (_: string, name: string | null) => {
      if (name === null || names.has(name)) onChange()
    }
    try {
      // A removed folder can no longer be watched: the last reading stays in effect.
      return [watch(folder, { persistent: false }, changed).on('error', () => undefined)]
    } catch {
      return []
    }
  })
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}
