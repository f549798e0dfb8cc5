// Engines with empty data that reach no network, as containers of the engine that answers here.
import { ensureBases } from '../base-images.mjs'
import { engineClient } from '../lib/engine-http.mjs'
import { ensureEngineImage } from '../lib/engine-image.mjs'
import { reasonAgainst, removeEngine, startEngineIn } from '../lib/nested-engine.mjs'
import { UserError } from '../lib/process.mjs'

/** By kind: the suite of Debian whose docker.io it is, and the program's flags. */
export const KINDS = {
  '20.10': { suite: 'bookworm', flags: [], image: 'flotilla-older-engine:1' },
  28: { suite: 'sid', flags: ['--feature', 'containerd-snapshotter=false'], store: 'classic' },
  '28 with containerd': { suite: 'sid', flags: ['--feature', 'containerd-snapshotter=true'], store: "containerd's" },
}

/** Resolves to `{ host, title, remove }`. */
export async function emptyEngine(outer, kind, log) {
  const reason = reasonAgainst()
  if (reason) throw new UserError(reason)
  const { suite, flags, image: own, store } = KINDS[kind]
  const name = `flotilla-elsewhere-${Object.keys(KINDS).indexOf(kind)}`
  await removeEngine(outer, name)
  const image = () => ensureEngineImage(outer, { log, base: () => base(suite, log), ...(own && { name: own }) })
  const { host } = await startEngineIn(outer, { name, image, flags, log, network: 'none' })
  const { Version } = await engineClient({ host, from: name }).get('/version')
  return { host, title: titleOf(Version, store), remove: () => removeEngine(outer, name) }
}

export function titleOf(version, store = 'classic') {
  return `${version}, ${store} store`
}

async function base(suite, log) {
  const { LAB_BASE = 'debian' } = await ensureBases({ log, suites: [suite] })
  return `${LAB_BASE}:${suite}-slim`
}
