// An engine as a container of another engine. Nothing of the outer engine is touched: network, data and mounts are its own.
// It sees the folder for temporary files under the same path, so that tests can bind what they write there.
import { mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { engineClient } from './engine-http.mjs'
import { UserError, which } from './process.mjs'

const START_LIMIT = 30_000
const POLL = 50

/** Why this machine cannot run one; undefined if it may be able to. */
export function reasonAgainst() {
  if (process.platform !== 'linux') return 'a newer engine as a container needs Linux'
  if (process.getuid() !== 0) return 'a newer engine as a container needs root, for its socket and its network'
  return which('nsenter') ? undefined : 'a newer engine as a container needs the program nsenter'
}

/**
 * Creates and starts what is missing, and waits until it answers. `image` resolves to the name of its image; `network: 'none'` gives an engine
 * that reaches nothing but its own containers.
 */
export async function startEngineIn(outer, { name, image, flags, log, network = name }) {
  const folder = join(realpathSync(tmpdir()), 'flotilla-engines', name)
  const endpoint = { host: `unix://${join(folder, 'docker.sock')}`, from: name }
  mkdirSync(folder, { recursive: true })
  if (!(await stateOf(outer, name))) await create(outer, { name, image: await image(), folder, flags, network })
  if (!(await stateOf(outer, name))?.Running) log(`Starting ${name} …`)
  await there(outer.post(`/containers/${name}/start`))
  const apiVersion = await answered(outer, name, engineClient(endpoint))
  return { ...endpoint, apiVersion, pid: (await stateOf(outer, name))?.Pid }
}

async function create(outer, spec) {
  if (spec.network !== 'none') await there(outer.post('/networks/create', { Name: spec.name, CheckDuplicate: true }))
  await there(outer.post(`/containers/create?name=${spec.name}`, containerOf(spec)))
}

export async function removeEngine(outer, name) {
  for (const path of [`/containers/${name}?force=1`, `/networks/${name}`, `/volumes/${name}`])
    await outer.remove(path).catch((error) => {
      if (error.statusCode !== 404) throw error
    })
}

/** Another script that does the same at the same time may have been quicker. */
async function there(making) {
  await making.catch((error) => {
    if (error.statusCode !== 409) throw error
  })
}

/** What `--privileged` gives, but for a capability that some machines cannot give. */
function containerOf({ name, image, folder, flags, network }) {
  const temporary = realpathSync(tmpdir())
  return {
    Image: image,
    Hostname: name,
    Cmd: ['dockerd', '-H', `unix://${join(folder, 'docker.sock')}`, '--cgroup-parent', name, ...flags],
    HostConfig: {
      Init: true,
      CapAdd: ['ALL'],
      CapDrop: ['SYS_RESOURCE'],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      MaskedPaths: [],
      ReadonlyPaths: [],
      DeviceCgroupRules: ['a *:* rwm'],
      CgroupnsMode: 'host',
      // Its data must not lie on the file system of a container: overlay does not stack.
      Binds: ['/sys/fs/cgroup:/sys/fs/cgroup', `${name}:/var/lib/docker`, `${temporary}:${temporary}`],
      Tmpfs: { '/run': '' },
      NetworkMode: network,
    },
  }
}

/** Of its container; undefined where there is none. */
async function stateOf(outer, name) {
  try {
    return (await outer.get(`/containers/${name}/json`)).State
  } catch (error) {
    if (error.statusCode === 404) return undefined
    throw error
  }
}

async function answered(outer, name, inner) {
  const end = Date.now() + START_LIMIT
  while (Date.now() < end) {
    const version = await inner.ping(2_000).catch(() => undefined)
    if (version) return version
    if (!(await stateOf(outer, name))?.Running) break
    await sleep(POLL)
  }
  throw new UserError(`The engine ${name} did not come up; \`docker logs ${name}\` has its last words.`)
}
