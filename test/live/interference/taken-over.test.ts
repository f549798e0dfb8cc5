import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { apiNumber } from '../../../src/backend/engine/plan/context.ts'
import type { FieldChange } from '../../../src/plan/step.ts'
import { ensureBuilt } from '../../support/cli.ts'
import { liveEngine } from '../../support/live.ts'
import { ensureScratchImage, SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { REFUSED } from '../attribute-paths.ts'
import { FILES, resources, table } from '../attribute-table.ts'
import { compose, composePlugin } from '../compose.ts'
import { type Scene, STAYS, withScene } from '../scene.ts'

/**
 * Every attribute of a service, and of a network, without a fingerprint: what `docker compose` made is nothing to change, and each
 * attribute that is added or left out since is noticed.
 */
const NET = `10.214.${process.pid % 250}`
const nameOf = (index: number) => `r${String(index).padStart(3, '0')}`
const PLAIN = { image: SCRATCH_IMAGE, command: ['sleep', '1'] }

/** What cannot be seen to be left out: it is what engines do by themselves, or what the other tool does not hand on. */
const UNSEEN_WHEN_LEFT_OUT: Record<string, string> = {
  cgroup: 'either mode is the default of some machines',
  image: 'the plain services have the same',
  isolation: 'the default, written out',
  runtime: 'the default, written out',
  stop_grace_period: 'it recreates nothing',
}
const UNSEEN_WHEN_ADDED: Record<string, string> = {
  cgroup: UNSEEN_WHEN_LEFT_OUT.cgroup ?? '',
  image: 'the plain services have the same',
  isolation: 'the default, written out',
  runtime: 'the default, written out',
  stop_grace_period: 'it recreates nothing',
  volumes_from: 'it is recreated with what it takes them from',
}

/** Each attribute of a network, as it is and as it becomes, and the other way round. */
const pool = (last: number, more: object = {}) => ({ ipam: { config: [{ subnet: `${NET}.${last}/28`, ...more }] } })
const NETWORKS: Record<string, [object, object]> = {
  attachable: [{}, { attachable: true }],
  aux: [pool(0, { aux_addresses: { a: `${NET}.3` } }), pool(0)],
  gateway: [pool(16, { gateway: `${NET}.18` }), pool(16, { gateway: `${NET}.19` })],
  internal: [{}, { internal: true }],
  options: [{}, { driver_opts: { 'com.docker.network.bridge.enable_icc': 'false' } }],
  range: [pool(32), pool(32, { ip_range: `${NET}.40/29` })],
  six: [pool(48), { enable_ipv6: true, ipam: { config: [{ subnet: 'fd13:8::/64' }] } }],
  subnet: [pool(64), pool(80)],
}

type Changes = Record<string, FieldChange[]>

interface Reported {
  subject: string
  verb: string
  cause: string
  changes?: FieldChange[]
}

async function planned({ run }: Scene): Promise<Reported[]> {
  const { code, stdout, stderr } = await run('plan', '--format', 'json')
  assert.ok(code === 0 || code === 2, stderr)
  return JSON.parse(stdout).steps
}

/** By network, why it is recreated. */
async function networkChanges(scene: Scene): Promise<Record<string, string>> {
  const removed = (await planned(scene)).filter(
    ({ subject, verb }) => subject.startsWith('network/') && verb === 'remove',
  )
  return Object.fromEntries(removed.map(({ subject, cause }) => [subject.slice('network/'.length), cause]))
}

/** By service, what a plan says has changed. */
async function changesIn(scene: Scene): Promise<Changes> {
  const steps = await planned(scene)
  const changed = steps.filter(({ changes = [] }) => changes.length > 0)
  return Object.fromEntries(changed.map(({ subject, changes = [] }) => [subject.split('/')[1], changes]))
}

const live = await liveEngine()
const plugin = await composePlugin()
// Without an engine there is nothing to take over, and without the other tool nobody to take it over from.
if ('skip' in live) test.skip(`taken over: ${live.skip}`)
else if ('skip' in plugin) test.skip(`taken over: ${plugin.skip}`)
else {
  ensureBuilt()
  await ensureScratchImage(live.engine)
  const api = apiNumber(await live.engine.apiVersion())
  // The other tool mounts this path wherever the engine's socket is.
  const isElsewhere = live.engine.location?.socket !== '/var/run/docker.sock'
  const rows = table(NET).filter(
    ({ attribute, since = 0, until = 999 }) =>
      since <= api && api < until && !(attribute in REFUSED || (isElsewhere && attribute === 'use_api_socket')),
  )
  const written = Object.fromEntries(rows.map(({ yaml }, i) => [nameOf(i), { ...PLAIN, ...yaml }]))
  const plain = Object.fromEntries(rows.map((_, i) => [nameOf(i), PLAIN]))
  const create = async ({ folder, env }: Scene) => {
    await compose(plugin.words, ['--progress', 'quiet', 'create'], { cwd: folder, env })
  }
  const withFiles = (body: (scene: Scene) => Promise<void>) => async () =>
    withScene(live.engine, async (scene) => {
      for (const [path, text] of Object.entries(FILES)) await scene.write(path, text)
      await scene.write('some/file', '')
      await body(scene)
    })
  /** The rows that a plan does not mention. */
  const unseen = (changes: Changes) => rows.flatMap(({ attribute }, i) => (nameOf(i) in changes ? [] : [attribute]))

  test(
    'containers of docker compose that match the declaration stay; removed keys are noticed',
    withFiles(async (scene) => {
      await scene.stack({ services: written, ...resources(NET) })
      await create(scene)
      assert.equal(await changesIn(scene), {})
      assert.equal(await networkChanges(scene), {})
      await scene.stack({ services: plain, ...resources(NET) })
      const missed = unseen(await changesIn(scene))
      assert.equal(
        missed.filter((each) => !(each in UNSEEN_WHEN_LEFT_OUT)),
        [],
      )
    }),
  )

  test(
    'added keys are noticed on containers of docker compose',
    withFiles(async (scene) => {
      await scene.stack({ services: plain, ...resources(NET) })
      await create(scene)
      assert.equal(await changesIn(scene), {})
      await scene.stack({ services: written, ...resources(NET) })
      const missed = unseen(await changesIn(scene))
      assert.equal(
        missed.filter((each) => !(each in UNSEEN_WHEN_ADDED)),
        [],
      )
    }),
  )

  test('each attribute of a network that docker compose made is compared', async () =>
    withScene(live.engine, async (scene) => {
      const other = async (...args: string[]) =>
        compose(plugin.words, ['--progress', 'quiet', ...args], { cwd: scene.folder, env: scene.env })
      const declare = (side: 0 | 1) => {
        const networks = Object.entries(NETWORKS).map(([key, sides]) => [key, sides[side]])
        const services = { a: { ...STAYS, networks: Object.keys(NETWORKS) } }
        return scene.stack({ services, networks: Object.fromEntries(networks) })
      }
      for (const side of [0, 1] as const) {
        await declare(side)
        await other('up', '-d')
        assert.equal(await planned(scene), [])
        await declare(side === 0 ? 1 : 0)
        assert.equal(Object.keys(await networkChanges(scene)).sort(), Object.keys(NETWORKS).sort())
        await other('down', '-t', '0')
      }
    }))
}

test.run()
