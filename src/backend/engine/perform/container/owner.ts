import { type Engine, EngineError } from '../../../../docker/port.ts'

export interface Owner {
  uid: number
  gid: number
}

export const ROOT: Owner = { uid: 0, gid: 0 }

/** Bytes of a user list to read; far more than any list has. */
const LIST_LIMIT = 4 * 1024 * 1024

/**
 * The user that a container's process runs as: the one that the service or the image sets, with names looked up in the container's
 * own user lists. Root if none is set, or if a list lacks the name: the engine will refuse to start that container.
 */
export async function ownerIn(engine: Engine, container: string): Promise<Owner> {
  const user = (await engine.inspectContainer(container))?.spec.User ?? ''
  if (user === '') return ROOT
  const [name = '', group] = user.split(':', 2)
  const [uid, gid] = [numberOf(name), numberOf(group ?? '')]
  if (uid !== undefined && gid !== undefined) return { uid, gid }
  const entry = (await lines(engine, container, '/etc/passwd')).find((each) => each[0] === name || each[2] === name)
  const primary = numberOf(entry?.[3] ?? '') ?? ROOT.gid
  return {
    uid: uid ?? numberOf(entry?.[2] ?? '') ?? ROOT.uid,
    gid: gid ?? (group ? await groupOf(engine, container, group) : primary),
  }
}

async function groupOf(engine: Engine, container: string, name: string): Promise<number> {
  const entry = (await lines(engine, container, '/etc/group')).find((each) => each[0] === name)
  return numberOf(entry?.[2] ?? '') ?? ROOT.gid
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

/** The fields of each line; none if the image lacks the list. */
async function lines(engine: Engine, container: string, path: string): Promise<string[][]> {
  const file = await readList(engine, container, path)
  return new TextDecoder()
    .decode(file?.content)
    .split('\n')
    .map((line) => line.split(':'))
}

async function readList(engine: Engine, container: string, path: string) {
  try {
    return await engine.readFile(container, path, { limit: LIST_LIMIT })
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'gone') return undefined
    throw thrown
  }
}
