import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { portHolder } from '../../../../src/backend/engine/perform/failure/port-holder.ts'
import type { Engine } from '../../../../src/docker/port.ts'
import { listenAnywhere } from '../../../support/cli.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES } from '../../support.ts'

type Bindings = Record<string, { HostIp: string; HostPort: string }[]>

async function containerWith(engine: MemoryEngine, name: string, bindings: Bindings, service?: string) {
  const labels = service ? { [COMPOSE.project]: 'lab', [COMPOSE.service]: service } : {}
  const spec = { Image: 'app:1', Labels: labels, HostConfig: { PortBindings: bindings } }
  return (await engine.createContainer(name, spec)).id
}

/** A container holds a port and another one wants it; what the engine says to its start. */
const DNS: Bindings = { '53/udp': [{ HostIp: '127.0.0.2', HostPort: '3955' }] }
const WEB: Bindings = { '80/tcp': [{ HostIp: '', HostPort: '3955' }] }
const cases: [words: string, held: Bindings, wanted: Bindings, isHolder: boolean][] = [
  ['listen tcp4 0.0.0.0:3955: bind: address already in use', DNS, WEB, false],
  ['Bind for 0.0.0.0:3955 failed: port is already allocated', DNS, WEB, false],
  [
    'Bind for 0.0.0.0:3955 failed: port is already allocated',
    DNS,
    { '9/udp': [{ HostIp: '', HostPort: '3955' }] },
    true,
  ],
  [
    'Bind for 0.0.0.0:3955 failed: port is already allocated',
    WEB,
    { '9/tcp': [{ HostIp: '', HostPort: '3950-3959' }] },
    true,
  ],
  [
    'Bind for 127.0.0.2:3955 failed: port is already allocated',
    DNS,
    { '53/udp': [{ HostIp: '', HostPort: '3955' }] },
    true,
  ],
  [
    'Bind for 127.0.0.3:3955 failed: port is already allocated',
    DNS,
    { '53/udp': [{ HostIp: '', HostPort: '3955' }] },
    false,
  ],
  ['listen udp4 127.0.0.2:3955: bind: address already in use', DNS, WEB, true],
  ['listen tcp [::]:3955: bind: address already in use', WEB, WEB, true],
  ['listen tcp :::3955: bind: address already in use', WEB, WEB, true],
  ['failed to bind host port 127.0.0.2:3955/udp: address already in use', DNS, WEB, true],
  ['failed to bind host port for 0.0.0.0:3955:172.17.0.2:80/tcp: address already in use', DNS, WEB, false],
  ['failed to bind host port for 0.0.0.0:3955:172.17.0.2:80/tcp: address already in use', WEB, WEB, true],
  ['cannot expose privileged port 3955: it is already in use', WEB, WEB, true],
]

for (const [words, held, wanted, isHolder] of cases) {
  const ports = `${JSON.stringify(held)} held, ${JSON.stringify(wanted)} wanted`
  test(`${words}: ${ports}`, async () => {
    const engine = memoryEngine({ images: IMAGES })
    await engine.startContainer(await containerWith(engine, 'holder', held))
    const found = await portHolder(remote(engine), await containerWith(engine, 'wanting', wanted), words)
    assert.is(found?.port, '3955')
    assert.is(found?.holder, isHolder ? 'container holder (app:1)' : "another program on the engine's machine")
  })
}

test('other words are about no port', async () => {
  assert.is(await portHolder(memoryEngine(), 'any', 'OCI runtime create failed'), undefined)
})

test('of an orphan of the same project, the option that removes it comes first', async () => {
  const triesOf = async (holder: string | undefined) => {
    const engine = memoryEngine({ images: IMAGES })
    await engine.startContainer(await containerWith(engine, 'holder', WEB, holder))
    const wanting = await containerWith(engine, 'wanting', WEB, 'web')
    const found = await portHolder(engine, wanting, 'Bind for 0.0.0.0:3955 failed: port is already allocated')
    return found?.tries ?? []
  }
  assert.match((await triesOf('gone'))[0] ?? '', '--remove-orphans')
  for (const other of ['web', undefined]) assert.not.match((await triesOf(other)).join(), '--remove-orphans')
})

const WITHOUT = spawnSync('ss', ['-V']).status !== 0
const onLinux = WITHOUT ? test.skip : test

onLinux('a process holds a port of a protocol and an address, and only on this machine is it looked for', async () => {
  const server = await listenAnywhere()
  const { port } = server.address() as { port: number }
  const holderOf = async (engine: Engine, words: string) =>
    (await portHolder(engine, 'gone', `listen ${words}:${port}: bind: address already in use`))?.holder ?? ''
  try {
    const engine = memoryEngine()
    for (const words of ['tcp4 0.0.0.0', 'tcp4 127.0.0.1', 'tcp [::]'])
      assert.match(await holderOf(engine, words), `(pid ${process.pid})`, words)
    for (const words of ['udp4 0.0.0.0', 'tcp4 127.0.0.9'])
      assert.match(await holderOf(engine, words), 'another', words)
    assert.match(await holderOf(remote(engine), 'tcp4 0.0.0.0'), 'another')
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
})

function remote(engine: MemoryEngine): Engine {
  return { ...engine, location: { remote: true, shared: [] } }
}

test.run()
