import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Address, isRemote, parseHost } from '../../src/docker/endpoint.ts'
import { sshArguments } from '../../src/docker/ssh.ts'

const HOSTS: [string, Address | undefined][] = [
  ['unix:///run/docker.sock', { kind: 'socket', path: '/run/docker.sock' }],
  ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }],
  ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
  ['tcp://10.0.0.1', { kind: 'tcp', hostname: '10.0.0.1', port: 2375 }],
  ['tcp://host:1234', { kind: 'tcp', hostname: 'host', port: 1234 }],
  ['host:1234', { kind: 'tcp', hostname: 'host', port: 1234 }],
  ['tcp://[::1]:1234', { kind: 'tcp', hostname: '::1', port: 1234 }],
  ['https://host', { kind: 'tcp', hostname: 'host', port: 2376, tls: { verify: true } }],
  ['ssh://host', { kind: 'ssh', hostname: 'host' }],
  ['ssh://me@host:2222', { kind: 'ssh', hostname: 'host', port: 2222, user: 'me' }],
  ['ssh://host/run/other.sock', { kind: 'ssh', hostname: 'host', socket: '/run/other.sock' }],
  ['ssh://me:pw@host', undefined],
  ['ssh://-oProxyCommand=x', undefined],
  ['ftp://host', undefined],
  ['tcp://', undefined],
]

for (const [host, expected] of HOSTS) {
  test(`DOCKER_HOST ${host}`, () => assert.equal(parseHost(host), expected))
}

test('with TLS, the port is another one', () => {
  const tls = { verify: false }
  assert.equal(parseHost('tcp://host', tls), { kind: 'tcp', hostname: 'host', port: 2376, tls })
})

const REMOTE: [string, boolean][] = [
  ['unix:///run/docker.sock', false],
  ['tcp://localhost:2375', false],
  ['tcp://127.0.0.1:2375', false],
  ['tcp://[::1]:2375', false],
  ['tcp://10.0.0.1:2375', true],
  ['ssh://localhost', true],
]

for (const [host, expected] of REMOTE) {
  test(`${host} is ${expected ? '' : 'not '}another machine`, () => {
    const address = parseHost(host)
    assert.ok(address)
    assert.is(isRemote({ host, from: 'a test', address }), expected)
  })
}

test('ssh gets everything before the host, and nothing of the host is taken for an option', () => {
  const args = sshArguments({ kind: 'ssh', hostname: 'host', user: 'me', port: 2222, socket: '/run/x.sock' })
  const at = args.indexOf('--')
  assert.equal(args.slice(at + 1), ['host', 'docker', '--host', 'unix:///run/x.sock', 'system', 'dial-stdio'])
  assert.ok(args.slice(0, at).join(' ').endsWith('-l me -p 2222'))
})

test.run()
