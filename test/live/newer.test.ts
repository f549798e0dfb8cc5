import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { apiNumber } from '../../src/backend/engine/plan/context.ts'
import { SCRATCH_IMAGE } from '../support/scratch-image.ts'
import { STAYS, scenes } from './scene.ts'

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
  assert.is((await scene.run('plan')).code, 0)
})

test.run()
