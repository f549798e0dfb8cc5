// A server over ssh, for samples that show one: sshd in a container, in front of the engine that is there anyway.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from '../lib/ports.mjs'
import { mustRun, UserError, which } from '../lib/process.mjs'
import { root } from '../lib/project.mjs'

const STACK = 'scripts/samples/ssh-server/stack.yaml'

/**
 * Resolves to what `body` does, which gets the environment of a user for whom `ssh server` leads there: `{ DOCKER_HOST, PATH }`.
 * `env` says what the base images are (`ensureBases`).
 */
export async function withSshServer({ endpoint, env }, body) {
  const [, socket] = endpoint.host.match(/^unix:\/\/(.+)$/) ?? []
  if (!socket)
    throw new UserError(`A server over ssh needs the socket of an engine; ${endpoint.from} names ${endpoint.host}.`)
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-ssh-'))
  const project = `flotilla-ssh-${process.pid}`
  const port = await freePort()
  await mustRun('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  const settings = { ...env, ENGINE_SOCKET: socket, AUTHORIZED_KEYS: join(folder, 'key.pub'), SSH_PORT: String(port) }
  const flotilla = (...args) =>
    mustRun(process.execPath, ['dist/main.js', '-f', STACK, '-p', project, ...args], { cwd: root, env: settings })
  try {
    await flotilla('up', '-d', '--wait')
    return await body({ DOCKER_HOST: 'ssh://server', PATH: pathWithClient(folder, port) })
  } finally {
    await flotilla('down', '-t', '1')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The user's ssh with a configuration that knows the server: what stands in ~/.ssh/config otherwise. */
function pathWithClient(folder, port) {
  const lines = ['HostName 127.0.0.1', `Port ${port}`, 'User root', `IdentityFile ${join(folder, 'key')}`]
  const trust = [
    'StrictHostKeyChecking accept-new',
    `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
    'LogLevel ERROR',
  ]
  writeFileSync(join(folder, 'config'), `Host server\n${[...lines, ...trust].map((line) => `  ${line}\n`).join('')}`)
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec ${which('ssh')} -F ${join(folder, 'config')} "$@"\n`)
  chmodSync(join(folder, 'ssh'), 0o755)
  return `${folder}${delimiter}${process.env.PATH}`
}
