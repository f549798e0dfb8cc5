import type { FileContent } from '../../../src/docker/port.ts'
import type { StoredContainer, StoredNode, World } from './world.ts'

/** A file as a container sees it: what is mounted covers its own, and its own cover the image's. */
export function readFile(
  world: World,
  container: StoredContainer,
  path: string,
  limit: number,
): FileContent | undefined {
  const key = keyOf(container, path)
  const own = key.isMounted ? world.data.get(key.path) : (container.files.get(key.path) ?? fromImage(container, path))
  return own && { size: own.length, content: own.subarray(0, limit) }
}

export function writeFile(world: World, container: StoredContainer, path: string, content: Uint8Array): void {
  const key = keyOf(container, path)
  const files = key.isMounted ? world.data : container.files
  files.set(key.path, content)
}

export function nodeAt(world: World, container: StoredContainer, path: string): StoredNode | undefined {
  const key = keyOf(container, path)
  return (key.isMounted ? world.mountedNodes : container.nodes).get(key.path)
}

export function putNode(world: World, container: StoredContainer, path: string, node: StoredNode): void {
  const key = keyOf(container, path)
  const nodes = key.isMounted ? world.mountedNodes : container.nodes
  nodes.set(key.path, node)
}

/** What the process leaves behind: its first files only where there are none yet. */
export function writeFirstFiles(world: World, container: StoredContainer): void {
  for (const [path, text] of Object.entries(container.image.fixture.writes ?? {}))
    if (!readFile(world, container, path, 0)) writeFile(world, container, path, new TextEncoder().encode(text))
}

function fromImage({ image }: StoredContainer, path: string): Uint8Array | undefined {
  const text = image.fixture.files?.[path]
  return text === undefined ? undefined : new TextEncoder().encode(text)
}

/** Where it lies: on the host, or in the container's own layer. */
function keyOf({ mounts }: StoredContainer, given: string): { path: string; isMounted: boolean } {
  const path = given.replace(/\/+/g, '/')
  const [innermost] = mounts
    .filter(({ target }) => path === target || path.startsWith(`${target}/`))
    .sort((a, b) => b.target.length - a.target.length)
  return innermost
    ? { path: `${innermost.source}${path.slice(innermost.target.length)}`, isMounted: true }
    : { path, isMounted: false }
}
