import { error } from '../../../../diagnostics/diagnostic.ts'
import type { Engine, FileEntry } from '../../../../docker/port.ts'
import { StepFailure } from '../../../../execute/step-context.ts'
import { CREDENTIALS, type FileSource } from '../../action.ts'
import { ownerIn, ROOT } from './owner.ts'
import type { ContentOf } from './profiles.ts'

/** Copies secrets and configs that are not mounted into the container before the start. Creates directories as needed. */
export async function putFiles(
  engine: Engine,
  container: string,
  files: FileSource[],
  contentOf: ContentOf,
): Promise<void> {
  const needsOwner = files.some(({ uid, gid }) => uid === undefined || gid === undefined)
  const owner = needsOwner ? await ownerIn(engine, container) : ROOT
  const entries = files.map(async ({ content, target, mode, uid = owner.uid, gid = owner.gid }): Promise<FileEntry> => {
    const bytes = content === CREDENTIALS ? await credentials(engine) : contentOf(content)
    if (!bytes) throw new StepFailure(error('path-missing', `the content of ${content.replace('/', ' ')} is not known`))
    return { path: target.replace(/^\/+/, ''), content: bytes, mode, uid, gid }
  })
  await engine.putFiles(container, '/', await Promise.all(entries))
}

/** A Docker configuration file with the credentials from the user's own configuration and its helpers. */
async function credentials(engine: Engine): Promise<Uint8Array> {
  const found = Object.entries(await engine.registryCredentials())
  const auths = found.map(([server, { username, password, identitytoken }]) => {
    const auth = username === undefined ? {} : { auth: Buffer.from(`${username}:${password ?? ''}`).toString('base64') }
    return [server, { ...auth, ...(identitytoken !== undefined && { identitytoken }) }]
  })
  return new TextEncoder().encode(JSON.stringify({ auths: Object.fromEntries(auths) }))
}
