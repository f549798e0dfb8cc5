import { randomBytes } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import type { ContainerDetail } from '../../../src/docker/port.ts'
import { eventually } from '../../docker/contract/expect.ts'
import { composePlugin } from '../compose.ts'
import { firstSignal } from '../killed-event.ts'
import { type Scene, STAYS, scenes, shell } from '../scene.ts'
import {
  begin,
  COLUMNS,
  ended,
  FLOTILLA,
  inTerminal,
  LINES,
  noted,
  raise,
  readable,
  SIGNALS,
  type Talk,
  terminalTests,
} from '../talk.ts'

const check = await scenes()
const inPty = terminalTests(check)
const plugin = await composePlugin()

const STACK = {
  services: {
    db: { ...STAYS, healthcheck: { test: ['CMD', 'true'] } },
    web: {
      ...STAYS,
      environment: { FROM: 'service' },
      labels: { role: 'front' },
      restart: 'always',
      ports: ['80'],
      volumes: ['data:/data'],
      networks: { default: { aliases: ['www'] } },
      stop_grace_period: '1s',
      secrets: ['token'],
      configs: [{ source: 'words', target: '/words' }],
    },
    needy: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
  },
  volumes: { data: {} },
  secrets: { token: { environment: 'TOKEN' } },
  configs: { words: { content: 'some words' } },
}

const NOTHING = Buffer.alloc(0)

function talk(scene: Scene, tool: string[], args: string[], input: Buffer = NOTHING): Promise<Talk> {
  return begin([...tool, 'run', ...args], withToken(scene), input).done
}

function withToken(scene: Scene): Pick<Scene, 'folder' | 'env'> {
  return { folder: scene.folder, env: { ...scene.env, TOKEN: 'secret' } }
}

/** The one-off containers, by name without the project's. */
async function oneOffs(scene: Scene): Promise<[string, ContainerDetail][]> {
  return Object.entries(await scene.containers()).filter(([, { labels }]) => labels[COMPOSE.oneoff] === 'True')
}

const COMMANDS: string[][] = [
  ['web', 'sh', '-c', 'echo out; echo err >&2; exit 7'],
  ['web', 'ls', '-d', '/'],
  ['-e', 'A=1', '-e', 'FROM=flag', 'web', 'sh', '-c', 'echo "$A-$FROM"'],
  ['-u', '12:34', '-w', '/tmp', 'web', 'sh', '-c', 'id -u; id -g; pwd'],
  ['--entrypoint', 'echo "a b"', 'web', 'c', '-d'],
  ['--entrypoint', 'pwd', 'web'],
  ['web', 'cat'],
  ['web', 'cat', '/run/secrets/token', '/words'],
  ['-v', 'data:/elsewhere', 'web', 'sh', '-c', 'ls -d /elsewhere /data'],
  ['web', 'sh', '-c', 'kill -9 $$'],
]

check('output, errors and exit codes are those of docker compose', async (scene) => {
  if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
  await scene.stack(STACK)
  await talk(scene, FLOTILLA, ['--rm', '-T', '--no-deps', 'web', 'true'])
  for (const args of COMMANDS) {
    const flags = ['--rm', '-T', '--no-deps', ...args]
    const input = Buffer.from('some\ninput')
    const [ours, theirs] = [await talk(scene, FLOTILLA, flags, input), await talk(scene, plugin.words, flags, input)]
    const { stderr, ...wanted } = readable(theirs)
    // Its own display ends with an empty line.
    assert.equal(
      readable(ours),
      { ...wanted, stderr: stderr.replace(/\n\n$/, '\n').replace(/^\n$/, '') },
      args.join(' '),
    )
  }
  assert.equal(await oneOffs(scene), [])
})

const MADE: string[][] = [
  [],
  ['-e', 'B=2', '-l', 'x=y', '-l', 'role=back', '-u', '5', '-w', '/tmp'],
  ['--service-ports'],
  ['-p', '127.0.0.1::90', '--cap-add', 'NET_ADMIN', '--cap-drop', 'CHOWN'],
  ['--use-aliases', '--rm', '--interactive=false'],
]

check('the container is made as docker compose makes it', async (scene) => {
  if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
  await scene.stack(STACK)
  for (const flags of MADE) {
    const made = async (tool: string[], name: string) => {
      const { code, stdout } = await talk(scene, tool, [
        '-d',
        '--no-deps',
        '--name',
        name,
        ...flags,
        'web',
        'sleep',
        '60',
      ])
      const detail = await scene.engine.inspectContainer(name)
      assert.equal([code, stdout.toString().trim()], [0, detail?.id])
      if (detail) await scene.engine.removeContainer(detail.id, { force: true, volumes: true })
      return detail && partsOf(detail)
    }
    const name = `${scene.project}-compared`
    assert.equal(await made(FLOTILLA, name), await made(plugin.words, name), flags.join(' '))
  }
})

/** What a container is, but for ids, marks of either tool, and in which of two equal ways mounts were asked for. */
function partsOf({ id, spec, labels, networks, mounts }: ContainerDetail): unknown {
  const { HostConfig: host } = spec
  const unlike = [COMPOSE.slug, COMPOSE.configHash, COMPOSE.version]
  const own = Object.entries(labels).filter(
    ([key]) => !key.startsWith('io.flotilla.') && !unlike.includes(key as never),
  )
  return {
    labels: Object.fromEntries(own.sort()),
    program: [spec.Cmd, spec.Entrypoint, spec.User, spec.WorkingDir, [...(spec.Env ?? [])].sort(), spec.Tty],
    input: [spec.OpenStdin, spec.StdinOnce],
    ports: [host.PortBindings ?? {}, Object.keys(spec.ExposedPorts ?? {})],
    host: [host.CapAdd, host.CapDrop, host.AutoRemove, host.RestartPolicy?.Name || 'no', host.Init, spec.StopTimeout],
    mounts: mounts.map(({ type, name, target, readOnly }) => [type, name, target, readOnly]).sort(),
    aliases: Object.values(networks).map((each) => each.aliases.filter((alias) => !id.startsWith(alias)).sort()),
  }
}

check('5 MB of anything go in and come out as they are, from the first byte', async (scene) => {
  await scene.stack(STACK)
  const bytes = randomBytes(5_000_000)
  const { code, stdout } = await talk(scene, FLOTILLA, ['--rm', '-T', 'web', 'cat'], bytes)
  assert.is(code, 0)
  assert.is(Buffer.compare(stdout, bytes), 0)
})

check('dependencies are ready first and keep running; --rm leaves nothing else', async (scene) => {
  await scene.stack(STACK)
  const { code, stdout } = await talk(scene, FLOTILLA, ['--rm', '-T', 'needy', 'echo', 'done'])
  assert.equal([code, stdout.toString()], [0, 'done\n'])
  const containers = await scene.containers()
  assert.equal(Object.keys(containers), ['db-1'])
  assert.is(containers['db-1']?.health?.status === 'unhealthy', false)
})

check('signals go to the program, whose exit code is ours', async (scene) => {
  await scene.stack(STACK)
  const script = 'trap "echo heard; exit 9" INT; echo ready; while :; do sleep 0.05; done'
  const talking = begin([...FLOTILLA, 'run', '--rm', 'web', 'sh', '-c', script], withToken(scene))
  await talking.said('ready')
  talking.kill('SIGINT')
  const { code, stdout } = await talking.done
  assert.equal([code, stdout.toString()], [9, 'ready\nheard\n'])
  assert.equal(await oneOffs(scene), [])
})

check('Ctrl-C while a dependency is waited for: 130, and no container is left over', async (scene) => {
  const healthcheck = { test: ['CMD', 'false'], interval: '1s', retries: 100 }
  await scene.stack({
    services: { ...STACK.services, db: { ...STAYS, healthcheck } },
    volumes: { data: {} },
    secrets: STACK.secrets,
    configs: STACK.configs,
  })
  const running = scene.launch('--progress', 'json', 'run', 'needy')
  await running.until(({ stderr }) => /step-start","step":"wait:container\/db/.test(stderr))
  running.kill('SIGINT')
  assert.is((await running.done).code, 130)
  assert.equal(await oneOffs(scene), [])
})

check('a program that is deaf to Ctrl-C is killed by the third, and the second says so', async (scene) => {
  const { engine, project } = scene
  await scene.stack({ services: { app: { ...STAYS, init: false, network_mode: 'none' } } })
  const deaf = 'trap "" INT; echo ready; while :; do sleep 0.1; done'
  const running = scene.launch('run', '--rm', '-T', 'app', 'sh', '-c', deaf)
  await running.until(({ stdout }) => stdout.includes('ready'))
  const signalled = await firstSignal(engine, project)
  running.kill('SIGINT')
  await signalled()
  running.kill('SIGINT')
  await running.until(({ stderr }) => /app-run-\w+ .*kill/.test(stderr))
  running.kill('SIGINT')
  assert.is((await running.done).code, 137)
  await eventually(engine, async () => (await oneOffs(scene)).length === 0)
})

check('with --rm the engine removes it though the client was killed', async (scene) => {
  await scene.stack(STACK)
  const talking = begin([...FLOTILLA, 'run', '--rm', 'web', 'sh', '-c', 'echo ready; cat'], withToken(scene))
  await talking.said('ready')
  talking.kill('SIGKILL')
  await talking.done
  await eventually(scene.engine, async () => (await oneOffs(scene)).length === 0)
})

check('post_start runs in it, and is not missed by a program that has ended', async (scene) => {
  const post_start = [{ command: ['sh', '-c', 'echo hooked > /hooked'] }]
  await scene.stack({ services: { app: { ...STAYS, post_start } } })
  const script = 'until [ -s /hooked ]; do sleep 0.05; done; cat /hooked'
  assert.is((await talk(scene, FLOTILLA, ['--rm', '-T', 'app', 'sh', '-c', script])).stdout.toString(), 'hooked\n')
  assert.equal(readable(await talk(scene, FLOTILLA, ['--rm', '-T', '-q', 'app', 'sh', '-c', 'exit 6'])), {
    code: 6,
    stdout: '',
    stderr: '',
  })
})

check('the service beside it is none the worse for it, with a static address', async (scene) => {
  const ipam = { config: [{ subnet: '10.231.17.0/24' }] }
  const networks = { default: { ipam } }
  await scene.stack({
    services: { app: { ...shell('exec sleep 1000'), networks: { default: { ipv4_address: '10.231.17.9' } } } },
    networks,
  })
  assert.is((await scene.run('up', '-d')).code, 0)
  const { id } = await scene.container('app-1')
  const { code, stdout } = await talk(scene, FLOTILLA, ['--rm', '-T', 'app', 'hostname', '-i'])
  assert.is(code, 0)
  assert.not.match(stdout.toString(), '10.231.17.9')
  const after = await scene.container('app-1')
  assert.equal([after.id, after.running], [id, true])
})

inPty('on a terminal it has one of the same size, and gets what is typed', async (scene) => {
  await scene.stack(STACK)
  const script = `until [ "$(stty size)" = "${LINES} ${COLUMNS}" ]; do sleep 0.05; done; tty; echo ready; read x; echo "<$x>"; exit 5`
  const talking = inTerminal({ ...scene, ...withToken(scene) }, `$flotilla run --rm web sh -c '${script}'`)
  await talking.said('ready')
  talking.type('hello\r')
  const said = await ended(talking, 5)
  assert.match(said, /\/dev\/pts\/\d+\r\n/)
  assert.match(said, '<hello>')
  assert.equal(await oneOffs(scene), [])
})

inPty('Ctrl-P Ctrl-Q leaves it running', async (scene) => {
  await scene.stack(STACK)
  const talking = inTerminal({ ...scene, ...withToken(scene) }, `$flotilla run --rm web sh -c 'echo ready; sleep 1000'`)
  await talking.said('ready')
  talking.type('\x10\x11')
  await ended(talking, 0)
  assert.is((await oneOffs(scene))[0]?.[1].running, true)
})

inPty('every signal reaches it, and the terminal is as it was before', async (scene) => {
  await scene.stack(STACK)
  const traps = SIGNALS.map((signal, i) => `trap "exit ${40 + i}" ${signal}`).join('; ')
  for (const [i, signal] of SIGNALS.entries()) {
    const script = noted(
      `run --rm web sh -c "${traps.replaceAll('"', '\\"')}; echo ready; while :; do sleep 0.05; done"`,
    )
    const talking = inTerminal({ ...scene, ...withToken(scene) }, script)
    await talking.said('ready')
    raise(scene, signal)
    await ended(talking, 40 + i)
  }
  assert.equal(await oneOffs(scene), [])
})

test.run()
