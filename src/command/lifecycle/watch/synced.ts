/** The paths in a container that a synchronisation changed. */
export interface Synced {
  files: string[]
  folders: string[]
  /** Of files and folders: what is gone has no type here. */
  removed: string[]
}

/** The changes in a service's containers, each path once: folders only if they are empty, and only if no file was copied. */
export function changesIn(all: readonly Synced[]): { copied: string[]; removed: string[] } {
  const of = (key: keyof Synced) => withoutParents(all.flatMap((each) => each[key]))
  const files = of('files')
  return { copied: files.length > 0 ? files : of('folders'), removed: of('removed') }
}

function withoutParents(paths: readonly string[]): string[] {
  const parents = new Set(paths.flatMap(parentsOf))
  return [...new Set(paths)].filter((path) => !parents.has(path))
}

function parentsOf(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, at) => parts.slice(0, at).join('/'))
}

/** Sentences for the user. */
export function syncedText(all: readonly Synced[], service: string): string[] {
  const { copied, removed } = changesIn(all)
  return [
    ...(copied.length > 0 ? [`Synced ${pathsText(copied)} to ${service}`] : []),
    ...(removed.length > 0 ? [`Removed ${pathsText(removed)} from ${service}`] : []),
  ]
}

function pathsText(paths: readonly string[]): string {
  return paths.length === 1 ? `${paths[0]}` : `${paths.length} files`
}
