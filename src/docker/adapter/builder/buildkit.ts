import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { imageArchiveCalls } from '../image-archives.ts'
import { isBeyondApi } from './beyond.ts'
import { buildkitProgress } from './buildkit-progress.ts'
import type { Dockerfile } from './dockerfile.ts'
import { isRemote } from './remote.ts'
import { idOfTag, requestBuild } from './request.ts'
import { diskFolder, textFolder } from './session/folder.ts'
import { type Offers, openSession } from './session/session.ts'
import { openAgents } from './session/ssh-agents.ts'
import { filterFor } from './session/transfer-filter.ts'
import { solve } from './solve.ts'
import type { Builder, Prepared } from './types.ts'

/** In the API: the builder requests context and Dockerfile over the session. */
const SESSION = 'client-session'

/**
 * The request itself carries no files. Over the session, the builder requests the files that it needs and has not cached, and
 * credentials for one registry at a time.
 */
export async function buildkit(builder: Builder, prepared: Prepared): Promise<{ imageId: string }> {
  const { link, keyring, env } = builder
  const { spec, options, dockerfile } = prepared
  const agents = spec.ssh?.length ? await openAgents(spec.ssh, env) : undefined
  try {
    const offers = {
      ...offersOf(prepared),
      ...(agents && { agents }),
      ...(spec.repeatable !== undefined && loader(builder, prepared)),
    }
    const session = await openSession(link, keyring, options.signal, offers)
    try {
      if (isBeyondApi(spec)) {
        await solve(link, prepared, session.id)
        return { imageId: await idOfTag(link, spec) }
      }
      const remote = isRemote(spec.context) ? spec.context : SESSION
      const query = {
        version: 2,
        buildid: randomUUID(),
        session: session.id,
        remote,
        dockerfile: dockerfile?.name ?? spec.dockerfile,
      }
      return await requestBuild(link, spec, options, { query }, buildkitProgress(options))
    } finally {
      session.close()
    }
  } finally {
    await agents?.close()
  }
}

/** What the builder exports becomes an image of the engine. */
function loader({ link }: Builder, { options: { signal } }: Prepared): Pick<Offers, 'receive'> {
  return {
    async receive(archive) {
      await imageArchiveCalls(link).loadImages(archive, { signal })
    },
  }
}

function offersOf({ spec, options, dockerfile }: Prepared): Offers {
  const { secrets = [] } = spec
  const contents = new Map(secrets.map(({ id, content }) => [id, content]))
  const secretOf = (id: string) => options.contentOf?.(contents.get(id) ?? '')
  return {
    ...(secrets.length > 0 && { secretOf }),
    ...(dockerfile && { folders: foldersOf(spec.context, dockerfile), shared: spec.context }),
  }
}

function foldersOf(context: string, { name, text, ignore }: Dockerfile): NonNullable<Offers['folders']> {
  const files = { [name]: text, ...(ignore !== undefined && { [`${name}.dockerignore`]: ignore }) }
  return {
    context: async (wanted) => {
      if (!(await stat(context)).isDirectory()) throw new Error(`the build context ${context} is not a directory`)
      return diskFolder(context, await filterFor(context, wanted))
    },
    dockerfile: async () => textFolder(files),
  }
}
