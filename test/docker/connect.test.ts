import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { StackError } from '../../src/diagnostics/checked.ts'
import { connect } from '../../src/docker/connect.ts'
import { EngineError } from '../../src/docker/port.ts'
import { withFolder } from '../support/folder.ts'

async function firstCall(DOCKER_HOST: string, env: Record<string, string> = {}): Promise<unknown> {
  const engine = await connect({
    env: { PATH: process.env.PATH, DOCKER_HOST, ...env },
    home: '/nowhere',
    platform: 'linux',
  })
  return engine.version().then(
    () => undefined,
    (error) => error,
  )
}

function isUnreachable(error: unknown, host: string): void {
  assert.instance(error, StackError)
  const [diagnostic] = (error as StackError).diagnostics
  assert.is(diagnostic?.code, 'engine-unreachable')
  assert.ok(diagnostic?.message.includes(host), diagnostic?.message)
  assert.ok(diagnostic?.hint)
}

test('no socket there', async () => {
  isUnreachable(await firstCall('unix:///nowhere/docker.sock'), 'unix:///nowhere/docker.sock')
})

test('no engine listens there', async () => {
  isUnreachable(await firstCall('tcp://127.0.0.1:9'), 'tcp://127.0.0.1:9')
})

test('a host without a name', async () => {
  isUnreachable(await firstCall('tcp://nowhere.invalid:2375'), 'nowhere.invalid')
})

test('ssh that fails is quoted', async () => {
  await withFolder({ ssh: '#!/bin/sh\necho "Permission denied (publickey)." >&2\nexit 255\n' }, async (PATH) => {
    const error = await firstCall('ssh://me@far', { PATH: `${PATH}:${process.env.PATH}` })
    isUnreachable(error, 'ssh://me@far')
    assert.match((error as Error).message, 'Permission denied')
  })
})

test('no ssh at all', async () => {
  isUnreachable(await firstCall('ssh://far', { PATH: '/nowhere' }), 'ssh://far')
})

test('a connection that breaks later is a failed call, not an unreachable engine', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  try {
    const error = await firstCall(`tcp://127.0.0.1:${port}`)
    assert.instance(error, EngineError)
    assert.is((error as EngineError).status, undefined)
    assert.ok((error as EngineError).cause)
  } finally {
    server.close()
  }
})

test('a choice that cannot be understood fails at once', async () => {
  const error = await connect({ env: { DOCKER_HOST: 'gopher://x' }, home: '/nowhere', platform: 'linux' }).catch(
    (each) => each,
  )
  assert.instance(error, StackError)
})

test.run()
