import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'
import { nothingToChange, type Scene, STAYS, scenes } from '../scene.ts'

/** Networks and volumes of a project, beside those that docker compose makes. */
const live = await scenes()
const FAST = { ...STAYS, stop_grace_period: '0s' }
const plugin = await composePlugin()

/** Names, labels but for the hash of a definition, and ids. */
async function resourcesOf({ engine, project }: Scene) {
  const filter = { labels: [`${COMPOSE.project}=${project}`] }
  const [networks, volumes] = await Promise.all([engine.listNetworks(filter), engine.listVolumes(filter)])
  const labelsOf = (labels: Record<string, string>) => {
    const { [COMPOSE.configHash]: _hash, 'io.flotilla.fingerprint': _print, ...others } = labels
    return others
  }
  const ids = networks.map(({ id }) => id).sort()
  const labels = [...networks, ...volumes].map((each) => [each.name, labelsOf(each.labels)] as const)
  return {
    ids,
    labels: Object.fromEntries(labels),
    hashes: volumes.filter((each) => COMPOSE.configHash in each.labels),
  }
}

const stack = {
  services: { a: { ...STAYS, volumes: ['used:/used'] } },
  networks: { idle: { labels: { tier: 'idle' } } },
  volumes: { used: {}, idle: { labels: { keep: 'yes' } } },
}

live(
  '--all-resources creates what docker compose creates, with its labels; either tool leaves it as it is',
  async (scene) => {
    const { folder: cwd, env, run, project } = scene
    await scene.stack(stack)
    assert.is((await run('--all-resources', 'up', '-d')).code, 0)
    const ours = await resourcesOf(scene)
    const names = ['default', 'idle', 'idle', 'used'].map((key) => `${project}_${key}`)
    assert.equal(Object.keys(ours.labels).sort(), [...new Set(names)])
    assert.equal(ours.hashes, [])
    if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
    const other = (...args: string[]) => compose(plugin.words, args, { cwd, env })
    await other('--all-resources', 'up', '-d', '-y')
    assert.equal(await resourcesOf(scene), ours)
    assert.is((await run('--all-resources', 'up', '-d')).code, 0)
    assert.equal(await resourcesOf(scene), ours)
    await run('down', '-v', '-t', '0')
    await other('--all-resources', 'up', '-d')
    const theirs = await resourcesOf(scene)
    assert.equal(theirs.labels, ours.labels)
    assert.is((await run('--all-resources', 'up', '-d')).code, 0)
    assert.equal((await resourcesOf(scene)).ids, theirs.ids)
    await run('down', '-v', '-t', '0')
  },
)

live('changed labels of a network are applied, and its containers stay and are connected again', async (scene) => {
  const { run, container, inside, engine, project } = scene
  const declare = (tier: string) =>
    scene.stack({
      services: { a: { ...STAYS, networks: ['front'] }, b: { ...STAYS, networks: { front: { aliases: ['bee'] } } } },
      networks: { front: { labels: { tier } } },
    })
  const network = async () => (await engine.listNetworks({ names: [`${project}_front`] }))[0]
  await declare('one')
  await run('up', '-d')
  const [before, old] = [await container('a-1'), await network()]
  await declare('two')
  const { code, stderr } = await run('up', '-d')
  assert.is(code, 0, stderr)
  const [after, now] = [await container('a-1'), await network()]
  assert.equal([now?.labels.tier, now?.id === old?.id], ['two', false])
  assert.equal([after.id, after.startedAt], [before.id, before.startedAt])
  assert.match(await inside('a-1', 'ping', '-c', '1', 'bee'), '1 packets received')
  await nothingToChange(run)
})

for (const [what, verb, isStopped] of [
  ['start of stopped containers', 'start', true],
  ['restart of stopped containers', 'restart', true],
  ['restart of running containers', 'restart', false],
] as const)
  live(`removed networks are there again, with the containers in them: ${what}`, async (scene) => {
    const { run, container, inside, engine, project } = scene
    await scene.stack({
      services: {
        a: { ...FAST, networks: { back: { aliases: ['ay'] }, default: null } },
        b: { ...FAST, networks: { back: null } },
        c: FAST,
      },
      networks: { back: {} },
    })
    assert.is((await run('up', '-d')).code, 0)
    const before = await Promise.all(['a-1', 'b-1', 'c-1'].map(container))
    if (isStopped) await run('stop')
    for (const key of ['back', 'default']) {
      const name = `${project}_${key}`
      for (const { id, networks } of isStopped ? [] : before)
        if (name in networks) await engine.disconnectNetwork(name, id, { force: true })
      await engine.removeNetwork(name)
    }
    const { code, stderr } = await run(verb)
    assert.is(code, 0, stderr)
    const after = await Promise.all(['a-1', 'b-1', 'c-1'].map(container))
    const joined = after.map(({ id, networks }) => [id, Object.keys(networks).sort()])
    const [back, own] = [`${project}_back`, `${project}_default`]
    assert.equal(
      joined,
      [[back, own], [back], [own]].map((networks, i) => [before[i]?.id, networks]),
    )
    assert.match(await inside('b-1', 'ping', '-c', '1', 'ay'), '1 packets received')
    await nothingToChange(run)
  })

live('an image by its id is the one that is there, whatever the pull policy', async (scene) => {
  const id = (await scene.engine.inspectImage(SCRATCH_IMAGE))?.id ?? ''
  const digits = id.replace('sha256:', '')
  const declare = (image: string) => ({ ...FAST, image, pull_policy: 'always' })
  await scene.stack({ services: { short: declare(digits.slice(0, 12)), whole: declare(digits), full: declare(id) } })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 0, stderr)
  const made = Object.values(await scene.containers()).map(({ imageId, state }) => [imageId, state])
  assert.equal(
    made,
    [1, 2, 3].map(() => [id, 'running']),
  )
  await nothingToChange(scene.run)
})

live(
  'a fixed address among the first of its network is there for its service, IPv6 too; a holder is named',
  async (scene) => {
    const [second, third] = [10, 11].map(() => 1 + Math.floor(Math.random() * 254))
    const [v4, v6] = [`10.${second}.${third}`, `fd00:${second}:${third}::`]
    const fixed = { default: { ipv4_address: `${v4}.2`, ipv6_address: `${v6}2` } }
    const declare = (a: object) =>
      scene.stack({
        services: { a: { ...FAST, ...a }, b: { ...FAST, networks: fixed } },
        networks: {
          default: { enable_ipv6: true, ipam: { config: [{ subnet: `${v4}.0/24` }, { subnet: `${v6}/64` }] } },
        },
      })
    await declare({})
    const { code, stderr } = await scene.run('up', '-d')
    assert.is(code, 0, stderr)
    const addresses = async () => {
      const { ipAddress, globalIpv6 } = (await scene.container('b-1')).networks[`${scene.project}_default`] ?? {}
      return [ipAddress, globalIpv6]
    }
    assert.equal(await addresses(), [`${v4}.2`, `${v6}2`])
    assert.is((await scene.run('restart')).code, 0)
    assert.equal(await addresses(), [`${v4}.2`, `${v6}2`])
    await scene.run('down')
    await scene.run('up', '-d', 'a')
    const failed = await scene.run('up', '-d')
    assert.is(failed.code, 1)
    assert.match(failed.stderr, `${v4}.2 in network ${scene.project}_default is held by container ${scene.project}-a-1`)
  },
)

live(
  'mac_address is the address that the container has, on any engine; a change is seen, after a takeover too',
  async (scene) => {
    const declare = (mac_address: string) => scene.stack({ services: { a: { ...FAST, mac_address } } })
    const has = async () => (await scene.container('a-1')).networks[`${scene.project}_default`]?.mac
    const [first, second, third] = ['02:42:ac:11:65:43', '02:42:ac:11:65:44', '02:42:ac:11:65:45'] as const
    await declare(first)
    await scene.run('up', '-d')
    assert.is(await has(), first)
    await declare(second)
    await scene.run('up', '-d')
    assert.is(await has(), second)
    assert.is((await scene.run('restart')).code, 0)
    assert.is(await has(), second)
    if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
    await compose(plugin.words, ['up', '-d', '--force-recreate'], { cwd: scene.folder, env: scene.env })
    assert.match((await scene.run('plan')).stdout, 'nothing to do')
    await declare(third)
    await scene.run('up', '-d')
    assert.is(await has(), third)
  },
)

test.run()
