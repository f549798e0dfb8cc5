import { createHash } from 'node:crypto'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findEndpoint } from '../../src/docker/connect.ts'
import type { Endpoint, Environment } from '../../src/docker/endpoint.ts'
import { findBySocket, socketPaths } from '../../src/docker/find/socket.ts'
import { withFolder } from '../support/folder.ts'

const PEMS = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' }

function at(home: string, env: Environment['env'] = {}, platform = 'linux'): Environment {
  return { env, home, platform, uid: 1000 }
}

async function found(environment: Environment): Promise<Endpoint> {
  const result = await findEndpoint(environment)
  assert.ok(result.ok)
  return result.value
}

async function isBroken(environment: Environment, mentioned: string): Promise<void> {
  const result = await findEndpoint(environment)
  assert.not.ok(result.ok)
  assert.equal(result.ok ? [] : result.diagnostics.map(({ code }) => code), ['engine-unreachable'])
  assert.ok(!result.ok && result.diagnostics[0]?.message.includes(mentioned))
}

/** A context as the docker command line stores it. */
function context(name: string, endpoint: object, pems: Record<string, string> = {}): Record<string, string> {
  const id = createHash('sha256').update(name).digest('hex')
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: endpoint } }
  const tls = Object.entries(pems).map(([file, text]) => [`.docker/contexts/tls/${id}/docker/${file}`, text])
  return { [`.docker/contexts/meta/${id}/meta.json`]: JSON.stringify(meta), ...Object.fromEntries(tls) }
}

test('DOCKER_HOST goes before everything', async () => {
  await withFolder(context('far', { Host: 'ssh://far' }), async (home) => {
    const endpoint = await found(at(home, { DOCKER_HOST: 'tcp://near:2375', DOCKER_CONTEXT: 'far' }))
    assert.is(endpoint.host, 'tcp://near:2375')
    assert.is(endpoint.from, 'DOCKER_HOST')
  })
})

test('DOCKER_HOST that is no address is a problem, not passed over', async () => {
  await isBroken(at('/nowhere', { DOCKER_HOST: 'gopher://x' }), 'gopher://x')
})

test('DOCKER_TLS_VERIFY takes the certificates of DOCKER_CERT_PATH, and all of them', async () => {
  await withFolder(PEMS, async (folder) => {
    const env = { DOCKER_HOST: 'tcp://x', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
    const { address } = await found(at('/nowhere', env))
    assert.equal(address.kind === 'tcp' && { ...address.tls, port: address.port }, {
      verify: true,
      ca: Buffer.from('CA'),
      cert: Buffer.from('CERT'),
      key: Buffer.from('KEY'),
      port: 2376,
    })
  })
  await withFolder({ 'ca.pem': 'CA' }, (folder) =>
    isBroken(at('/nowhere', { DOCKER_HOST: 'tcp://x', DOCKER_TLS: '1', DOCKER_CERT_PATH: folder }), 'cert.pem'),
  )
})

test('a configuration of another shape, or one that never ends, is reported', async () => {
  for (const config of ['{"currentContext":3}', '{"currentContext":{}}', '{'])
    await withFolder({ '.docker/config.json': config }, (home) => isBroken(at(home), 'config.json'))
  await withFolder({ '.docker/other': '' }, (home) => {
    symlinkSync('/dev/zero', join(home, '.docker/config.json'))
    return isBroken(at(home), 'larger than 4 MiB')
  })
  await withFolder(context('far', { Host: 3 }), (home) => isBroken(at(home, { DOCKER_CONTEXT: 'far' }), 'far'))
})

test('the current context of the configuration', async () => {
  const files = { '.docker/config.json': '{"currentContext":"far"}', ...context('far', { Host: 'ssh://me@far' }) }
  await withFolder(files, async (home) => {
    const endpoint = await found(at(home))
    assert.equal(endpoint.address, { kind: 'ssh', hostname: 'far', user: 'me' })
    assert.match(endpoint.from, 'far')
  })
})

test('DOCKER_CONTEXT goes before it, and DOCKER_CONFIG says where', async () => {
  const files = {
    'other/config.json': '{"currentContext":"far"}',
    ...Object.fromEntries(
      Object.entries(context('near', { Host: 'unix:///near.sock' })).map(([path, text]) => [
        path.replace('.docker', 'other'),
        text,
      ]),
    ),
  }
  await withFolder(files, async (home) => {
    const endpoint = await found(at(home, { DOCKER_CONFIG: `${home}/other`, DOCKER_CONTEXT: 'near' }))
    assert.is(endpoint.host, 'unix:///near.sock')
  })
})

test('a context has its own certificates, or none, and may leave the engine unchecked', async () => {
  const endpoint = { Host: 'tcp://far:2376', SkipTLSVerify: true }
  await withFolder(context('far', endpoint, { 'ca.pem': 'CA' }), async (home) => {
    const { address } = await found(at(home, { DOCKER_CONTEXT: 'far' }))
    assert.equal(address.kind === 'tcp' && address.tls, { verify: false, ca: Buffer.from('CA') })
  })
  await withFolder(context('far', { Host: 'tcp://far:2375', SkipTLSVerify: false }), async (home) => {
    const { address } = await found(at(home, { DOCKER_CONTEXT: 'far' }))
    assert.is(address.kind === 'tcp' && address.tls, undefined)
  })
})

test('a context that is not there is a problem, and so is a broken configuration', async () => {
  await isBroken(at('/nowhere', { DOCKER_CONTEXT: 'gone' }), 'gone')
  await withFolder({ '.docker/config.json': '{' }, (home) => isBroken(at(home), 'config.json'))
})

test('the context "default" is no choice', async () => {
  const endpoint = await found(at('/nowhere', { DOCKER_CONTEXT: 'default' }))
  assert.match(endpoint.host, /^unix:/)
})

test('on Windows, a pipe', async () => {
  const endpoint = await found(at('/nowhere', {}, 'win32'))
  assert.equal(endpoint.address, { kind: 'socket', path: '//./pipe/docker_engine' })
  assert.is(await findBySocket(at('/nowhere', {}, 'win32')), undefined)
})

test("sockets: the system's, then the user's own", () => {
  const [first, second, ...others] = socketPaths(at('/home/me'))
  assert.is(first, '/var/run/docker.sock')
  assert.is(second, '/run/user/1000/docker.sock')
  assert.ok(others.every((path) => path.startsWith('/home/me/')))
  assert.is(socketPaths(at('/home/me', { XDG_RUNTIME_DIR: '/run/x' }))[1], '/run/x/docker.sock')
})

test.run()
