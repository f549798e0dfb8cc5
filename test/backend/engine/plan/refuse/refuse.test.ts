import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type EngineHost, HERE, isMounted, isSeen } from '../../../../../src/backend/docker/host-paths.ts'
import { planUp } from '../../../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../../../src/backend/intent.ts'
import type { Diagnostic } from '../../../../../src/diagnostics/diagnostic.ts'
import type { FileReference, Mount } from '../../../../../src/stack/model.ts'
import { type Draft, declared, stackOf } from '../../../support.ts'
import { emptyWorld } from '../../world.ts'

const REMOTE: EngineHost = { ...HERE, remote: true, shared: ['/shared', '/nfs/'], socket: '/opt/engine.sock' }

function reported(draft: Draft, engineHost: EngineHost = HERE, services: string[] = []): Diagnostic[] {
  const stack = stackOf(draft)
  const result = planUp(declared(stack), { ...emptyWorld(stack), engineHost }, { ...UP, services })
  return result.ok ? result.warnings : result.diagnostics
}

const bindOf = (source: string) => ({ type: 'bind' as const, source, target: '/t' })

test('an engine elsewhere mounts what it has itself or shares with this machine, and nothing else', () => {
  const own = [
    '/var/run/docker.sock',
    '/etc/localtime',
    '/dev',
    '/dev/snd',
    '/proc',
    '/sys/fs/cgroup',
    '/lib/modules',
    '/',
  ]
  const shared = ['/shared', '/shared/data', '/nfs/home', '/opt/engine.sock']
  const lost = ['/home/me/data', '/sharedness', '/nfs', '/devices', '/etc', '/etc/nginx', '/dev/../home/me', '/data']
  for (const path of [...own, ...shared]) assert.ok(isSeen(path, REMOTE), path)
  assert.equal(
    lost.filter((path) => isSeen(path, REMOTE)),
    [],
  )
  for (const path of [...own, ...shared, ...lost]) assert.ok(isSeen(path, HERE), path)
})

test('every bind mount that an engine elsewhere would take for another directory is named, of selected services only', () => {
  const draft: Draft = {
    services: {
      web: { volumes: [bindOf('/home/me/a'), bindOf('/etc/localtime'), bindOf('/home/me/b')] },
      db: { volumes: [bindOf('/home/me/c'), { type: 'volume', target: '/v' }] },
    },
  }
  const paths = (all: Diagnostic[]) =>
    all.map(({ severity, message }) => `${severity} ${/mounts (\S+),/.exec(message)?.[1]}`)
  assert.equal(paths(reported(draft, REMOTE)).sort(), ['error /home/me/a', 'error /home/me/b', 'error /home/me/c'])
  assert.equal(paths(reported(draft, REMOTE, ['db'])), ['error /home/me/c'])
  assert.equal(reported(draft), [])
})

test('a secret or config is mounted from its file only where that gives what was asked for', () => {
  const file = { name: 's', file: '/lab/token' }
  const closed = { ...HERE, closed: ['/lab/token'] }
  assert.ok(isMounted({ source: 's' }, file, HERE, {}))
  assert.ok(isMounted({ source: 's', target: '/else' }, file, HERE, {}))
  for (const own of [{ uid: '1' }, { gid: '1' }, { mode: '0400' }])
    assert.not(isMounted({ source: 's', ...own }, file, HERE, {}))
  assert.not(isMounted({ source: 's' }, file, closed, {}))
  assert.not(isMounted({ source: 's' }, file, REMOTE, {}))
  assert.not(isMounted({ source: 's' }, { name: 's', content: 'x' }, HERE, {}))
})

test('into a service that is read-only nothing is copied: files are mounted as they are, the rest is refused', () => {
  const secrets = { file: { name: 'f', file: '/lab/token' }, text: { name: 't', environment: 'T' } }
  const digests = { 'secret/file': 'd', 'secret/text': 'd' }
  const tell = (reference: FileReference, engineHost = HERE) =>
    reported({ services: { web: { read_only: true, secrets: [reference] } }, secrets, digests }, engineHost).map(
      (each) => each.severity,
    )
  const closed = { ...HERE, closed: ['/lab/token'] }
  assert.ok(isMounted({ source: 'file', mode: '0400' }, secrets.file, closed, { read_only: true }))
  assert.equal(tell({ source: 'file' }, closed), [])
  assert.equal(tell({ source: 'file', mode: '0400' }), ['warning'])
  assert.equal(tell({ source: 'file' }, REMOTE), ['error'])
  assert.equal(tell({ source: 'text' }), ['error'])
  const socket = reported({ services: { web: { read_only: true, use_api_socket: true } } })
  assert.equal(
    socket.map((each) => each.severity),
    ['warning'],
  )
})

test('a label for SELinux that cannot be set is reported', () => {
  const tell = (mount: Partial<Mount>) =>
    reported({
      services: { web: { volumes: [{ type: 'bind', source: '/s', target: '/t', ...mount }] } },
      volumes: { v: { name: 'v' } },
    }).map((each) => each.severity)
  assert.equal(tell({ bind: { selinux: 'z' } }), [])
  assert.equal(tell({ type: 'volume', source: 'v', bind: { selinux: 'Z' } }), [])
  assert.equal(tell({ bind: { selinux: 'z', create_host_path: false } }), ['warning'])
  assert.equal(tell({ bind: { selinux: 'z', recursive: 'disabled' } }), ['warning'])
})

test('content that a plain engine cannot supply is refused before anything happens', () => {
  const objects = {
    external: { name: 'x', external: true },
    driven: { name: 'x', driver: 'vault' },
    template: { name: 'x', file: '/f', template_driver: 'golang' },
    unset: { name: 'x', environment: 'NOBODY_SET_THIS' },
  }
  for (const kind of ['secrets', 'configs'] as const)
    for (const source of Object.keys(objects)) {
      const all = reported({ services: { web: { [kind]: [{ source }] } }, [kind]: objects })
      assert.equal(
        all.map(({ severity }) => severity),
        ['error'],
        `${kind} ${source}`,
      )
      assert.ok(all[0]?.message.includes(`"${source}"`) && all[0].hint !== undefined)
    }
  const known = {
    services: { web: { secrets: [{ source: 'unset' }] } },
    secrets: objects,
    digests: { 'secret/unset': 'd' },
  }
  assert.equal(reported(known), [])
})

test('a seccomp profile that cannot be read is refused; options that name no file are not', () => {
  const options = (...security_opt: string[]) =>
    reported({ services: { web: { security_opt } }, digests: { 'file/lab/ok.json': '' } })
  assert.equal(options('seccomp=unconfined', 'seccomp:builtin', 'label:disable', 'no-new-privileges'), [])
  assert.equal(options('seccomp=./gone.json', 'seccomp:/gone.json').length, 2)
  assert.equal(
    reported({ services: { web: { security_opt: ['seccomp=./ok.json'] } }, digests: { 'file//lab/ok.json': 'd' } }),
    [],
  )
})

test.run()
