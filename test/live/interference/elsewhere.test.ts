import { createServer, connect as dial, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Scene, STAYS, scenes } from '../scene.ts'

/** An engine under an address that is not this machine's own loopback: as far as anybody can tell it sees other files. */
const scene = await scenes()

scene('an engine elsewhere is given copies of secrets and configs, and no bind mounts', async (scene) => {
  const address = outwardAddress()
  if (!scene.socket || !address) return console.log('skipped: there is no socket to forward to, or no network')
  const server = await forwarding(scene.socket, address)
  try {
    scene.env.DOCKER_HOST = `tcp://${address}:${portOf(server)}`
    await scene.write('token', 'carried')
    await scene.write('data/file', 'here')
    await refusesBinds(scene)
    await copiesSecrets(scene)
    scene.env.FLOTILLA_SHARED_PATHS = scene.folder
    await scene.stack({ services: { app: { ...STAYS, volumes: ['./data:/data'] } } })
    assert.is((await scene.run('up', '-d')).code, 0)
    assert.is(await scene.inside('app-1', 'cat', '/data/file'), 'here')
  } finally {
    server.close()
  }
})

async function refusesBinds(scene: Scene): Promise<void> {
  await scene.stack({
    services: { app: { ...STAYS, volumes: ['./data:/data', './token:/token', 'kept:/kept'] } },
    volumes: { kept: {} },
  })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 1)
  for (const path of ['data', 'token']) assert.ok(stderr.includes(`${scene.folder}/${path}`), `${path} is named`)
  assert.equal(await scene.containers(), {})
}

async function copiesSecrets(scene: Scene): Promise<void> {
  const app = { ...STAYS, secrets: ['token'], volumes: ['/etc/hostname:/name:ro'] }
  await scene.stack({ services: { app }, secrets: { token: { file: './token' } } })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 0, stderr)
  assert.is(await scene.inside('app-1', 'cat', '/run/secrets/token'), 'carried')
}

function outwardAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

async function forwarding(socket: string, address: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = dial({ path: socket, allowHalfOpen: true })
    for (const each of [client, engine]) each.on('error', () => each.destroy())
    client.pipe(engine).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test.run()
