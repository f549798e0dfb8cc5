import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A folder of the corpus: its texts by relative path, and which of them are stack files. */
export interface Folder {
  files: Readonly<Record<string, string>>
  stacks: readonly string[]
}

/** Everything that the tests of loading and the samples hold. */
export function readCorpus(): Folder[] {
  return ['test/load/corpus', 'samples'].flatMap(foldersBelow).filter(({ stacks }) => stacks.length > 0)
}

function foldersBelow(root: string): Folder[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) => [folder(join(root, name)), ...(name === 'broken' ? foldersBelow(join(root, name)) : [])])
}

function folder(path: string): Folder {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => isText(name) && statSync(join(path, name)).isFile())
    .sort()
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), 'utf8')]))
  return { files, stacks: names.filter((name) => /\.ya?ml$/.test(name)) }
}

function isText(name: string): boolean {
  return /(?:\.ya?ml|\.env|\.txt|(?:^|\/)\.env[^/]*)$/.test(name)
}
