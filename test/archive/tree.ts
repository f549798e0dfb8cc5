import { chmod, link, lstat, mkdir, readdir, readFile, readlink, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'

/** A generated file, link or folder. */
export type Node =
  | { kind: 'file'; content: Uint8Array; mode: number }
  | { kind: 'link'; target: string }
  | { kind: 'twin' }
  | { kind: 'folder'; mode: number; children: Record<string, Node> }

const NAMES = ['a', 'b.txt', 'schön', 'a b', '.hidden', '-x', 'n'.repeat(120), 'q"\\', '日本語'.repeat(20)]
const file = fc.record({
  kind: fc.constant('file' as const),
  content: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.nat(1500).map((size) => new Uint8Array(size).fill(7)),
  ),
  mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444, 0o4755, 0o777),
})
const links = fc.record({
  kind: fc.constant('link' as const),
  target: fc.constantFrom('a', '../x', '/etc/passwd', 'l'.repeat(150)),
})
/** Another name of the last file before it in its folder. */
const twin = fc.constant({ kind: 'twin' as const })

export const folders: fc.Arbitrary<Extract<Node, { kind: 'folder' }>> = fc.letrec<{
  node: Node
  folder: Extract<Node, { kind: 'folder' }>
}>((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, file, links, twin, tie('folder')),
  folder: fc.record({
    kind: fc.constant('folder' as const),
    mode: fc.constantFrom(0o755, 0o700, 0o1777, 0o555),
    children: fc.dictionary(fc.constantFrom(...NAMES), tie('node'), { maxKeys: 5 }),
  }),
})).folder

const TIME = 1_700_000_000

export async function plant(path: string, node: Node): Promise<void> {
  if (node.kind === 'link') return symlink(node.target, path)
  if (node.kind === 'twin') return
  if (node.kind === 'file') await writeFile(path, node.content)
  else await plantChildren(path, node.children)
  await chmod(path, node.mode)
  await utimes(path, TIME, TIME)
}

async function plantChildren(path: string, children: Record<string, Node>): Promise<void> {
  await mkdir(path)
  let last: string | undefined
  for (const [name, child] of Object.entries(children)) {
    await plant(join(path, name), child)
    if (child.kind === 'twin' && last) await link(last, join(path, name))
    if (child.kind === 'file') last = join(path, name)
  }
}

/** Everything about a tree that a copy keeps, by path. */
export async function seen(root: string, path = ''): Promise<Record<string, string>> {
  const here = join(root, path)
  const info = await lstat(here)
  const mode = (info.mode & 0o7777).toString(8)
  if (info.isSymbolicLink()) return { [path]: `link ${await readlink(here)}` }
  const time = Math.floor(info.mtimeMs / 1000)
  if (info.isFile()) return { [path]: `file ${mode} ${time} ${(await readFile(here)).toString('hex')}` }
  const below = await Promise.all((await readdir(here)).sort().map((name) => seen(root, join(path, name))))
  return Object.assign({ [path]: `folder ${mode} ${time}` }, ...below)
}
