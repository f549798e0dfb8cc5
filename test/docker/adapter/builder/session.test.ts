import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readFields, text, writeFields } from '../../../../src/docker/adapter/builder/grpc/protobuf.ts'
import { openAgents } from '../../../../src/docker/adapter/builder/session/ssh-agents.ts'
import { withFolder } from '../../../support/folder.ts'
import { asBuilder } from './builder.ts'

const CREDENTIALS = '/moby.filesync.v1.Auth/Credentials'
const SECRET = '/moby.buildkit.secrets.v1.Secrets/GetSecret'
const CHECK = '/moby.sshforward.v1.SSH/CheckAgent'
const FORWARD = '/moby.sshforward.v1.SSH/ForwardAgent'

test('the builder learns who the user is, host by host, and that we live', async () => {
  await asBuilder({}, async ({ call, offered }) => {
    const hub = await call(CREDENTIALS, writeFields({ 1: 'registry-1.docker.io' }))
    assert.is(hub.status, '0')
    assert.is(text(readFields(hub.answer), 1), 'me')
    assert.is(text(readFields(hub.answer), 2), 'pw')
    const other = await call(CREDENTIALS, writeFields({ 1: 'x.example' }))
    assert.is(other.status, '0')
    assert.is(other.answer.length, 0)
    const health = await call('/grpc.health.v1.Health/Check', new Uint8Array())
    assert.equal([...health.answer], [8, 1])
    assert.not.match(offered, /Secrets|SSH|FileSync/)
  })
})

test('requests for unknown services are answered as such', async () => {
  await asBuilder({}, async ({ call }) => {
    assert.is((await call('/moby.filesync.v1.Auth/FetchToken', new Uint8Array())).status, '12')
    assert.is((await call(SECRET, writeFields({ 1: 'x' }))).status, '12')
  })
})

test('secrets are given by their ids, and no others', async () => {
  const secretOf = (id: string) => (id === 'known' ? Buffer.from('sesame') : undefined)
  await asBuilder({ secretOf }, async ({ call, offered }) => {
    assert.match(offered, /GetSecret/)
    const known = await call(SECRET, writeFields({ 1: 'known' }))
    assert.is(known.status, '0')
    assert.is(text(readFields(known.answer), 1), 'sesame')
    assert.is((await call(SECRET, writeFields({ 1: 'other' }))).status, '5')
  })
})

/** An agent's question and answer (draft-miller-ssh-agent): a length, then 11 for "which keys", 12 for "these". */
const WHICH_KEYS = Uint8Array.of(0, 0, 0, 1, 11)

async function keysOf(id: string, agents: Awaited<ReturnType<typeof openAgents>>): Promise<number> {
  return asBuilder({ agents }, async ({ call, open }) => {
    assert.is((await call(CHECK, writeFields({ 1: id }))).status, '0')
    const stream = open(FORWARD, { 'buildkit.ssh.id': id })
    stream.send(writeFields({ 1: WHICH_KEYS }))
    const answer = readFields((await stream.next()) ?? new Uint8Array()).get(1)?.[0]
    stream.end()
    const bytes = Buffer.from(answer instanceof Uint8Array ? answer : [])
    assert.is(bytes[4], 12)
    return bytes.readUInt32BE(5)
  })
}

test("an ssh agent is forwarded: the user's own by its socket, and one with the keys that were named", async () => {
  await withFolder({}, async (folder) => {
    const key = join(folder, 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const socket = join(folder, 'agent')
    const own = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise((resolve) => own.stdout.once('data', resolve))
    const env = { ...process.env, SSH_AUTH_SOCK: socket }
    const agents = await openAgents(
      [
        { id: 'default', paths: [] },
        { id: 'named', paths: [key] },
        { id: 'socket', paths: [socket] },
      ],
      env,
    )
    try {
      assert.is(await keysOf('default', agents), 0)
      assert.is(await keysOf('named', agents), 1)
      assert.is(await keysOf('socket', agents), 0)
      await asBuilder({ agents }, async ({ call }) => {
        assert.is((await call(CHECK, writeFields({ 1: 'unknown' }))).status, '5')
      })
    } finally {
      await agents.close()
      own.kill()
    }
  })
})

test('an agent that is not there, and a key that is none, are reported', async () => {
  const reported = async (wanted: Parameters<typeof openAgents>[0]) =>
    openAgents(wanted, { PATH: process.env.PATH }).then(
      () => '',
      (thrown: Error) => thrown.message,
    )
  assert.match(await reported([{ id: 'default', paths: [] }]), /SSH_AUTH_SOCK is not set/)
  assert.match(await reported([{ id: 'k', paths: ['/nowhere/key'] }]), /the ssh key \/nowhere\/key cannot be used/)
})

test.run()
