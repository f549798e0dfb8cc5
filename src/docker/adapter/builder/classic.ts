import { Readable } from 'node:stream'
import { classicProgress } from './classic-progress.ts'
import { buildContext } from './context.ts'
import { isRemote } from './remote.ts'
import { requestBuild } from './request.ts'
import type { Builder, Prepared } from './types.ts'

/** The builder from before BuildKit: the whole context is sent as an archive, and the credentials of all registries with it. */
export async function classic({ link, keyring }: Builder, { spec, options, dockerfile }: Prepared) {
  const registryconfig = await keyring.all()
  const progress = classicProgress(options)
  if (isRemote(spec.context)) {
    const query = { version: 1, remote: spec.context, dockerfile: spec.dockerfile }
    return requestBuild(link, spec, options, { query, registryconfig }, progress)
  }
  const rewritten =
    Object.keys(spec.contexts ?? {}).length > 0 && dockerfile ? { dockerfileInline: dockerfile.text } : {}
  const context = await buildContext({ ...spec, ...rewritten })
  const query = { version: 1, dockerfile: context.dockerfile }
  const file = Readable.from(context.archive(), { objectMode: false })
  return requestBuild(link, spec, options, { query, registryconfig, file }, progress)
}
