import { createServer, connect as dial, type Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect } from '../../../src/docker/connect.ts'
import { withFolder } from '../../support/folder.ts'
import { liveEngine, thisEnvironment } from '../../support/live.ts'
import { engineSocket } from '../proxy.ts'

const live = await liveEngine()
if ('skip' in live) console.log(`skipped: ${live.skip}`)
const check = 'skip' in live ? test.skip : test

check('over TCP', async () => {
  const path = await engineSocket()
  if (!path) return
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    clients.add(client)
    const engine = dial(path)
    client.pipe(engine).pipe(client)
    client.on('error', () => engine.destroy())
    client.on('close', () => engine.destroy())
    engine.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  try {
    await answersLike(`tcp://127.0.0.1:${port}`, {})
  } finally {
    server.close()
    for (const client of clients) client.destroy()
  }
})

/** What the user's ssh would do, without the other machine: joins its ends with the engine's socket. */
const SSH = `#!/bin/sh
exec node -e '
const engine = require("node:net").connect(process.env.ENGINE_SOCKET)
process.stdin.pipe(engine).pipe(process.stdout)
engine.on("close", () => process.exit(0))'
`

check('over ssh, many calls at once, a stream among them', async () => {
  const ENGINE_SOCKET = await engineSocket()
  if (!ENGINE_SOCKET) return
  await withFolder({ ssh: SSH }, async (folder) => {
    await answersLike('ssh://me@far', { PATH: `${folder}:${process.env.PATH}`, ENGINE_SOCKET })
  })
})

async function answersLike(DOCKER_HOST: string, env: Record<string, string>): Promise<void> {
  const engine = await connect({ ...thisEnvironment(), env: { PATH: process.env.PATH, DOCKER_HOST, ...env } })
  const stop = new AbortController()
  const events = await engine.events({ types: ['container'], labels: ['flotilla-test=none'] }, stop.signal)
  const versions = await Promise.all([engine.version(), engine.version(), engine.version()])
  assert.equal(versions[0], 'engine' in live && (await live.engine.version()))
  assert.equal((await engine.listImages()).length > 0, true)
  stop.abort(new Error('enough'))
  const ended = await events[Symbol.asyncIterator]()
    .next()
    .catch((error) => error)
  assert.is(ended.message, 'enough')
}

test.run()
