import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { apiNumber } from '../../../src/backend/engine/plan/context.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { nothingToChange, type Scene, STAYS, scenes } from '../scene.ts'

/** What engines learnt later, seen from within containers that run. */
const scene = await scenes()

scene('addresses, names and gateways of interfaces, image mounts and parts of volumes', async (scene) => {
  const version = await scene.engine.apiVersion()
  if (apiNumber(version) < 149) return console.log(`skipped: the engine has API ${version}, it takes 1.49`)
  const app = {
    ...STAYS,
    cap_add: ['NET_ADMIN'],
    mac_address: '02:42:ac:11:65:45',
    networks: {
      front: { priority: 2, interface_name: 'lan0' },
      back: { mac_address: '02:42:ac:11:65:46', interface_name: 'lan1', gw_priority: 9 },
    },
    volumes: [
      { type: 'image', source: SCRATCH_IMAGE, target: '/other', image: { subpath: 'bin' } },
      { type: 'volume', source: 'parts', target: '/part', volume: { subpath: 'one' } },
    ],
    depends_on: { first: { condition: 'service_completed_successfully' } },
  }
  const first = {
    image: SCRATCH_IMAGE,
    command: ['sh', '-c', 'mkdir -p /all/one; echo part > /all/one/file'],
    volumes: ['parts:/all'],
  }
  await scene.stack({ services: { app, first }, networks: { front: {}, back: {} }, volumes: { parts: {} } })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 0, stderr)
  assert.is(await scene.inside('app-1', 'cat', '/sys/class/net/lan0/address'), '02:42:ac:11:65:45')
  assert.is(await scene.inside('app-1', 'cat', '/sys/class/net/lan1/address'), '02:42:ac:11:65:46')
  assert.match(await scene.inside('app-1', 'ip', 'route'), /default via \S+ dev lan1/)
  assert.is(await scene.inside('app-1', 'cat', '/part/file'), 'part')
  assert.is(await scene.inside('app-1', 'sh', '-c', 'test -e /other/busybox && echo there'), 'there')
  await nothingToChange(scene.run)
})

/** As earlier versions made them: with the id of the network instead of its name. */
async function madeById({ engine, container, project }: Scene, name: string): Promise<void> {
  const { id, spec } = await container(name)
  const network = await engine.inspectNetwork(`${project}_front`)
  const NetworkMode = network?.id ?? ''
  await engine.removeContainer(id, { force: true, volumes: false })
  const made = await engine.createContainer(`${project}-${name}`, {
    ...spec,
    HostConfig: { ...spec.HostConfig, NetworkMode },
    NetworkingConfig: { EndpointsConfig: { [NetworkMode]: { Aliases: ['app'] } } },
  })
  await engine.startContainer(made.id)
}

/** Everybody is in the network that is there, and a further plan is empty. */
async function isWell({ engine, container, project, run }: Scene): Promise<void> {
  const network = await engine.inspectNetwork(`${project}_front`)
  const { state, networks } = await container('app-1')
  assert.is(state, 'running')
  assert.is(networks[`${project}_front`]?.networkId, network?.id)
  const { code, stdout } = await run('plan')
  assert.is(code, 0, stdout)
}

scene(
  'a network that is changed, or removed by hand, takes its containers along, however they were made',
  async (scene) => {
    const { engine, project, run } = scene
    const declare = (some: string) =>
      scene.stack({
        services: { app: { ...STAYS, networks: ['front'] } },
        networks: { front: { driver_opts: { some } } },
      })
    const well = async (...args: string[]) => {
      const { code, stderr } = await run(...args)
      assert.is(code, 0, stderr)
      await isWell(scene)
    }
    await declare('1')
    await well('up', '-d')
    await declare('2')
    await well('up', '-d')
    await madeById(scene, 'app-1')
    await declare('3')
    await well('up', '-d')
    await madeById(scene, 'app-1')
    const { id } = await scene.container('app-1')
    await engine.disconnectNetwork(`${project}_front`, id, { force: true })
    await engine.removeNetwork(`${project}_front`)
    await well('up', '-d')
    await run('stop')
    await engine.removeNetwork(`${project}_front`)
    await well('up', '-d')
  },
)

test.run()
