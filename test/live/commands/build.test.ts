import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eventsOf, succeeded } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'
import { noRegistry, withRegistry } from '../registry.ts'
import { nothingToChange, type Scene, scenes } from '../scene.ts'

/** Every option of `build`, proved by what is in the image that was built. */
const live = await scenes()
const FROM = `FROM ${SCRATCH_IMAGE}`
const lines = (...each: string[]) => `${[FROM, ...each].join('\n')}\n`

interface Case {
  build: Record<string, unknown>
  /** What the container's files say. */
  proof: [file: string, expected: string | RegExp][]
  image?: (image: { labels: Record<string, string>; tags: string[] }) => void
}

const CASES: Record<string, Case> = {
  inline: {
    build: { dockerfile_inline: lines('COPY . /ctx', 'RUN ls -A /ctx > /proof') },
    proof: [['/proof', 'Dockerfile.other\nkept\nlink\nnamed.Dockerfile\nnamed.Dockerfile.dockerignore\nsub']],
  },
  args: {
    build: {
      args: { GIVEN: 'one', INHERITED: null },
      dockerfile_inline: lines(
        'ARG GIVEN',
        'ARG INHERITED',
        'ARG UNSET=default',
        'RUN echo $GIVEN $INHERITED $UNSET > /proof',
      ),
    },
    proof: [['/proof', 'one from-the-caller default']],
  },
  ignored: {
    build: { dockerfile: 'named.Dockerfile' },
    proof: [
      [
        '/proof',
        '.dockerignore\nDockerfile.other\nkept\nleft.log\nlink\nnamed.Dockerfile\nnamed.Dockerfile.dockerignore',
      ],
    ],
  },
  outside: { build: { context: './ctx', dockerfile: '../elsewhere.Dockerfile' }, proof: [['/proof', 'kept']] },
  target: {
    build: {
      target: 'first',
      dockerfile_inline: `${FROM} AS first\nRUN echo first > /proof\n${FROM}\nRUN echo second > /proof\n`,
    },
    proof: [['/proof', 'first']],
  },
  contexts: {
    build: {
      additional_contexts: { files: './extra', base: `docker-image://${SCRATCH_IMAGE}`, other: 'service:args' },
      dockerfile_inline: 'FROM base\nCOPY --from=files more.txt /proof\nCOPY --from=other /proof /args\n',
    },
    proof: [
      ['/proof', 'more'],
      ['/args', 'one from-the-caller default'],
    ],
  },
  secrets: {
    build: {
      secrets: ['from-file', { source: 'from-variable', target: 'other' }],
      dockerfile_inline: lines(
        'RUN --mount=type=secret,id=from-file --mount=type=secret,id=other cat /run/secrets/from-file /run/secrets/other > /proof',
      ),
    },
    proof: [['/proof', 'in the file,in the variable']],
  },
  ssh: {
    build: {
      ssh: ['default=KEY'],
      dockerfile_inline: lines('RUN --mount=type=ssh echo $SSH_AUTH_SOCK > /socket'),
    },
    proof: [['/socket', /ssh_agent/]],
  },
  hosts: {
    build: { extra_hosts: ['myhost=10.1.2.3'], dockerfile_inline: lines('RUN cat /etc/hosts > /proof') },
    proof: [['/proof', /10\.1\.2\.3\s+myhost/]],
  },
  network: {
    build: { network: 'none', dockerfile_inline: lines('RUN ls /sys/class/net > /proof') },
    proof: [['/proof', 'lo']],
  },
  limits: {
    build: {
      ulimits: { nofile: { soft: 321, hard: 654 } },
      shm_size: '33m',
      dockerfile_inline: lines('RUN ulimit -n > /proof; df -k /dev/shm | tail -n 1 > /shm'),
    },
    proof: [
      ['/proof', '321'],
      ['/shm', /\b33792\b/],
    ],
  },
  labels: {
    build: {
      labels: { 'my.label': 'x y' },
      tags: ['TAG'],
      no_cache: true,
      dockerfile_inline: lines('RUN echo ok > /proof'),
    },
    proof: [['/proof', 'ok']],
    image: ({ labels, tags }) => {
      assert.is(labels['my.label'], 'x y')
      assert.ok(tags.some((tag) => tag.startsWith('flotilla-build-tag:')))
    },
  },
}

async function prepare({ folder, write }: Scene): Promise<void> {
  await write('ctx/kept', 'kept\n')
  await write('ctx/left.log', '')
  await write('ctx/sub/deep', 'deep\n')
  await write('ctx/.dockerignore', '*.log\n.dockerignore\n')
  await write('ctx/Dockerfile.other', '')
  await write('ctx/named.Dockerfile', lines('COPY . /ctx', 'RUN ls -A /ctx > /proof'))
  await write('ctx/named.Dockerfile.dockerignore', 'sub\n')
  await write('elsewhere.Dockerfile', lines('COPY kept /proof'))
  await write('extra/more.txt', 'more\n')
  await write('secret.txt', 'in the file,')
  await symlink('kept', join(folder, 'ctx/link'))
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
}

function stackOf(folder: string, tag: string) {
  const filled = (build: unknown) =>
    JSON.parse(JSON.stringify(build).replaceAll('$', '$$$$').replace('KEY', join(folder, 'key')).replace('TAG', tag))
  const services = Object.entries(CASES).map(([name, { build }]) => [
    name,
    { build: { context: './ctx', ...filled(build) }, init: true, stop_grace_period: '1s', command: ['sleep', '1000'] },
  ])
  const secrets = { 'from-file': { file: './secret.txt' }, 'from-variable': { environment: 'BUILD_SECRET' } }
  return { services: Object.fromEntries(services), secrets }
}

async function removeImages({ engine, project }: Scene, more: string[] = []): Promise<void> {
  const references = [...Object.keys(CASES).map((name) => `${project}-${name}`), ...more]
  for (const reference of references) await engine.removeImage(reference)
}

live('every option of build shows in the image', async (scene) => {
  const tag = `flotilla-build-tag:${randomBytes(4).toString('hex')}`
  await prepare(scene)
  Object.assign(scene.env, { INHERITED: 'from-the-caller', BUILD_SECRET: 'in the variable' })
  await scene.stack(stackOf(scene.folder, tag))
  try {
    const { code, stderr } = await scene.run('up', '-d')
    assert.is(code, 0, stderr)
    for (const [name, { proof, image }] of Object.entries(CASES)) {
      for (const [file, expected] of proof) {
        const found = await scene.inside(`${name}-1`, 'cat', file)
        if (typeof expected === 'string') assert.is(found, expected, `${name}: ${file}`)
        else assert.match(found, expected, `${name}: ${file}`)
      }
      const detail = await scene.engine.inspectImage(`${scene.project}-${name}`)
      if (detail) image?.(detail)
    }
    const names = (await scene.engine.listImages()).flatMap(({ tags }) => tags)
    assert.equal(
      names.filter((each) => each.startsWith('flotilla-context:')),
      [],
      'no helper image stays',
    )
    assert.not.match(stderr, /in the variable|in the file/)
  } finally {
    await scene.run('down', '-t', '0')
    await removeImages(scene, [tag])
  }
})

live('a second build sends only what has changed', async (scene) => {
  await scene.write('ctx/large', 'x'.repeat(5_000_000))
  await scene.write('ctx/small', 'one')
  await scene.stack({
    services: {
      web: {
        build: { context: './ctx', dockerfile_inline: lines('COPY . /ctx') },
        init: true,
        command: ['sleep', '1000'],
      },
    },
  })
  try {
    assert.is((await scene.run('up', '-d')).code, 0)
    const before = await scene.engine.inspectImage(`${scene.project}-web`)
    assert.is((await scene.run('up', '-d', '--build')).code, 0)
    assert.is(
      (await scene.engine.inspectImage(`${scene.project}-web`))?.id,
      before?.id,
      'nothing changed: the same image',
    )
    await scene.write('ctx/small', 'two')
    assert.is((await scene.run('up', '-d', '--build')).code, 0)
    assert.is(await scene.inside('web-1', 'cat', '/ctx/small'), 'two')
    assert.is(await scene.inside('web-1', 'wc', '-c', '/ctx/large'), '5000000 /ctx/large')
  } finally {
    await scene.run('down', '-t', '0')
    await scene.engine.removeImage(`${scene.project}-web`)
  }
})

live('an archive is a context that the engine fetches itself', async (scene) => {
  const port = await served(join(scene.folder, 'repo.tar'))
  await mkdir(join(scene.folder, 'repo'))
  await writeFile(join(scene.folder, 'repo/Dockerfile'), lines('COPY kept /proof'))
  await writeFile(join(scene.folder, 'repo/kept'), 'from the archive\n')
  execFileSync('tar', ['-cf', join(scene.folder, 'repo.tar'), '-C', join(scene.folder, 'repo'), '.'])
  await scene.stack({
    services: { web: { build: `http://127.0.0.1:${port.number}/repo.tar`, init: true, command: ['sleep', '1000'] } },
  })
  try {
    const { code, stderr } = await scene.run('up', '-d')
    assert.is(code, 0, stderr)
    assert.is(await scene.inside('web-1', 'cat', '/proof'), 'from the archive')
  } finally {
    port.close()
    await scene.run('down', '-t', '0')
    await scene.engine.removeImage(`${scene.project}-web`)
  }
})

live('a Git repository is fetched by the engine, at the branch and in the folder that its URL names', async (scene) => {
  const repository = join(scene.folder, 'repositories/one')
  await mkdir(join(repository, 'sub'), { recursive: true })
  await writeFile(join(repository, 'sub/Dockerfile'), lines('COPY kept /proof'))
  await writeFile(join(repository, 'sub/kept'), 'from the branch\n')
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=x', '-c', 'user.email=x', ...args])
  for (const args of [
    ['init', '-q', '-b', 'branch'],
    ['add', '.'],
    ['commit', '-q', '-m', 'x'],
  ])
    git(...args)
  const port = await freePort()
  const daemon = spawn(
    'git',
    [
      'daemon',
      '--export-all',
      `--base-path=${join(scene.folder, 'repositories')}`,
      '--listen=127.0.0.1',
      `--port=${port}`,
      '--verbose',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  )
  await new Promise<void>((resolve) => daemon.stderr.on('data', (text) => /Ready/.test(String(text)) && resolve()))
  await scene.stack({
    services: { web: { build: `git://127.0.0.1:${port}/one#branch:sub`, init: true, command: ['sleep', '1000'] } },
  })
  try {
    const { code, stderr } = await scene.run('up', '-d')
    assert.is(code, 0, stderr)
    assert.is(await scene.inside('web-1', 'cat', '/proof'), 'from the branch')
  } finally {
    if (daemon.pid) process.kill(-daemon.pid)
    await scene.run('down', '-t', '0')
    await scene.engine.removeImage(`${scene.project}-web`)
  }
})

async function freePort(): Promise<number> {
  const port = await served('/dev/null')
  port.close()
  return port.number
}

live('a frontend that cannot be fetched, and a secret that is not declared, are explained', async (scene) => {
  const build = (dockerfile_inline: string) => ({ services: { web: { build: { context: '.', dockerfile_inline } } } })
  await scene.stack(build(`# syntax=127.0.0.1:1/docker/dockerfile:1\n${FROM}\n`))
  const syntax = await scene.run('up', '-d')
  assert.is(syntax.code, 1)
  assert.match(syntax.stderr, /`# syntax=` line makes the builder pull that frontend/)
  await scene.stack(build(lines('RUN --mount=type=secret,id=nothing,required cat /run/secrets/nothing')))
  const secret = await scene.run('up', '-d')
  assert.is(secret.code, 1)
  assert.match(secret.stderr, /build\.secrets/)
})

live('a step that fails is named where it runs and with its line, by the path of its Dockerfile', async (scene) => {
  await scene.write('sub/Dockerfile', lines('RUN echo what-it-said; exit 3'))
  await scene.stack({ services: { web: { build: './sub' } } })
  const { code, stderr } = await scene.run('build')
  assert.is(code, 1)
  const named = stderr.split('\n').filter((line) => line.includes('RUN echo what-it-said; exit 3'))
  assert.is(named.length, 2, stderr)
  assert.ok(named[1]?.includes(' sub/Dockerfile:2: RUN '), stderr)
  assert.is(stderr.split('echo what-it-said').length - 1, 2, stderr)
})

live('stages that are built at once report their newest lines side by side', async (scene) => {
  const stage = (name: string) => `${FROM} AS ${name}\nRUN echo ${name} begins; sleep 1; echo ${name} > /${name}\n`
  const dockerfile_inline = `${stage('one')}${stage('two')}${FROM}\nCOPY --from=one /one /\nCOPY --from=two /two /\n`
  await scene.stack({ services: { web: { build: { context: '.', no_cache: true, dockerfile_inline } } } })
  try {
    const ran = await scene.run('--progress', 'json', 'build')
    assert.is(ran.code, 0, ran.stderr)
    const running = eventsOf(ran).flatMap((event) => (event.type === 'step-progress' ? [event.running ?? []] : []))
    const both = running.filter((parts) => ['one', 'two'].every((name) => parts.some((part) => part.includes(name))))
    assert.ok(both.length > 0, JSON.stringify(running))
    assert.ok(both.every((parts) => parts.every((part) => !part.includes('\n'))))
  } finally {
    await scene.engine.removeImage(`${scene.project}-web`)
  }
})

live('no_cache builds again', async (scene) => {
  const stack = (no_cache: boolean) => ({
    services: {
      web: {
        build: { context: '.', no_cache, dockerfile_inline: lines('RUN cat /proc/sys/kernel/random/uuid > /proof') },
        init: true,
        stop_grace_period: '1s',
        command: ['sleep', '1000'],
      },
    },
  })
  const proof = async (no_cache: boolean) => {
    await scene.stack(stack(no_cache))
    const { code, stderr } = await scene.run('up', '-d', '--build')
    assert.is(code, 0, stderr)
    return scene.inside('web-1', 'cat', '/proof')
  }
  try {
    const first = await proof(false)
    assert.is(await proof(false), first)
    assert.is.not(await proof(true), first)
  } finally {
    await scene.run('down', '-t', '0')
    await scene.engine.removeImage(`${scene.project}-web`)
  }
})

async function served(file: string): Promise<{ number: number; close(): void }> {
  const { createReadStream } = await import('node:fs')
  const server = createServer(
    (_request, response) => void createReadStream(file).pipe(response.setHeader('Content-Type', 'application/x-tar')),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { number: typeof address === 'object' && address ? address.port : 0, close: () => void server.close() }
}

live('what no builder does is said by name, and why', async (scene) => {
  const build = {
    context: '.',
    dockerfile_inline: lines(),
    privileged: true,
    cache_to: ['type=local,dest=x'],
    cache_from: ['type=gha'],
  }
  await scene.stack({ services: { web: { build, init: true, command: ['sleep', '1000'] } } })
  const { stderr } = await scene.run('plan')
  for (const part of ['privileged', 'cache_to', 'cache_from'])
    assert.match(stderr, new RegExp(`"build\\.${part}" of service "web": `), part)
  const quiet = {
    context: '.',
    dockerfile_inline: lines(),
    privileged: false,
    provenance: false,
    sbom: false,
    cache_to: ['type=inline'],
    platforms: ['linux/amd64'],
  }
  await scene.stack({ services: { web: { build: quiet, init: true, command: ['sleep', '1000'] } } })
  assert.not.match((await scene.run('plan')).stderr, /build\./)
})

live('the cache is left out for the stages that are named, and for no other', async (scene) => {
  const random = 'RUN cat /proc/sys/kernel/random/uuid >'
  const dockerfile_inline = [
    `${FROM} AS kept`,
    `${random} /kept`,
    `${FROM} AS fresh`,
    `${random} /fresh`,
    'RUN grep -w gateway /etc/hosts > /gateway',
    FROM,
    'COPY --from=kept /kept /',
    'COPY --from=fresh /fresh /gateway /',
    '',
  ].join('\n')
  const build = {
    context: '.',
    dockerfile_inline,
    no_cache_filter: ['fresh'],
    labels: { a: 'b' },
    extra_hosts: ['gateway=host-gateway'],
  }
  await scene.stack({ services: { web: { build, init: true, command: ['sleep', '1000'] } } })
  const built = async () => {
    succeeded(await scene.run('up', '-d', '--build', '-t', '0'))
    return [await scene.inside('web-1', 'cat', '/kept'), await scene.inside('web-1', 'cat', '/fresh')]
  }
  const [first, second] = [await built(), await built()]
  assert.is(second[0], first[0])
  assert.is.not(second[1], first[1])
  assert.is((await scene.container('web-1')).labels.a, 'b')
  await nothingToChange(scene.run)
  await scene.stack({ services: { web: { build: { ...build, dockerfile_inline: `${FROM}\nRUN false\n` } } } })
  const { code, stderr } = await scene.run('build')
  assert.is(code, 1)
  assert.match(stderr, /RUN false/)
  await scene.run('down', '-t', '0', '--rmi', 'local')
})

live('build makes all platforms and attestations where the engine keeps them, and says so elsewhere', async (scene) => {
  const build = {
    context: '.',
    dockerfile_inline: 'FROM scratch\nCOPY compose.yaml /\n',
    platforms: ['linux/amd64', 'linux/arm64'],
    provenance: 'mode=max',
  }
  await scene.stack({ services: { web: { image: `${scene.project}:1`, build } } })
  const { stderr } = succeeded(await scene.run('build'))
  const { Manifests: kept = [] } = await answerOf(scene, `/v1.48/images/${scene.project}:1/json?manifests=1`)
  const platforms = kept.flatMap(({ ImageData }) => ImageData?.Platform?.architecture ?? []).sort()
  const leftOut = ['platforms', 'provenance'].map((part) =>
    stderr.includes(`"build.${part}" of service "web" is left out`),
  )
  if (platforms.length > 0)
    assert.equal({ platforms, leftOut }, { platforms: ['amd64', 'arm64'], leftOut: [false, false] })
  else assert.equal(leftOut, [true, true])
  assert.is(kept.filter(({ Kind }) => Kind === 'attestation').length, platforms.length)
  await scene.engine.removeImage(`${scene.project}:1`)
})

live('a cache is stored in a registry where the engine can do that, and left out elsewhere', async (scene) => {
  const missing = await noRegistry()
  if (missing) return console.log(`skipped: ${missing}`)
  await withRegistry(async (address) => {
    const cache = `type=registry,ref=${address}/cache:1`
    const build = {
      context: '.',
      dockerfile_inline: lines('RUN echo 1 > /proof'),
      cache_to: [`${cache},mode=max`],
      cache_from: [cache],
    }
    await scene.stack({ services: { web: { image: `${scene.project}:1`, build } } })
    for (const _ of ['written', 'read']) {
      const { stderr } = succeeded(await scene.run('build'))
      const { status } = await fetch(`http://${address}/v2/cache/tags/list`)
      assert.is(status === 200, !stderr.includes('"build.cache_to" of service "web" is left out'), stderr)
    }
    await scene.engine.removeImage(`${scene.project}:1`)
  })
})

interface Kept {
  Manifests?: { Kind: string; ImageData?: { Platform?: { architecture: string } } }[]
}

/** Of an engine that does not know the call: nothing. */
async function answerOf({ socket }: Scene, path: string): Promise<Kept> {
  const [answer] = (await once(request({ socketPath: socket, path }).end(), 'response')) as [IncomingMessage]
  const text = await new Response(Readable.toWeb(answer) as ReadableStream).text()
  return answer.statusCode === 200 ? JSON.parse(text) : {}
}

live('services that build on each other in a circle are refused', async (scene) => {
  const on = (other: string) => ({
    build: { context: '.', dockerfile_inline: 'FROM base\n', additional_contexts: { base: `service:${other}` } },
  })
  await scene.stack({ services: { a: on('b'), b: on('a') } })
  const { code, stderr } = await scene.run('plan')
  assert.is(code, 1)
  assert.match(stderr, /depends on itself/)
})

live('docker compose builds the same from the same file', async (scene) => {
  const plugin = await composePlugin()
  if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
  await prepare(scene)
  await chmod(join(scene.folder, 'ctx/kept'), 0o640)
  const dockerfile_inline = lines(
    'ARG GIVEN',
    'COPY . /ctx',
    'RUN echo $$GIVEN > /given; ls -lRA /ctx | sed "s/[A-Z][a-z][a-z] .*:[0-9][0-9]//" > /proof',
  )
  const build = {
    context: './ctx',
    args: { GIVEN: 'x' },
    labels: { l: '1' },
    extra_hosts: ['a=1.2.3.4'],
    dockerfile_inline,
  }
  await scene.stack({ services: { web: { build, init: true, stop_grace_period: '1s', command: ['sleep', '1000'] } } })
  const look = async () => ({
    proof: await scene.inside('web-1', 'cat', '/proof', '/given'),
    labels: (await scene.engine.inspectImage(`${scene.project}-web`))?.labels.l,
  })
  try {
    await compose(plugin.words, ['up', '-d', '--build'], { cwd: scene.folder, env: scene.env })
    const theirs = await look()
    await scene.run('down', '-t', '0')
    await scene.engine.removeImage(`${scene.project}-web`)
    const { code, stderr } = await scene.run('up', '-d')
    assert.is(code, 0, stderr)
    assert.equal(await look(), theirs)
  } finally {
    await scene.run('down', '-t', '0')
    await scene.engine.removeImage(`${scene.project}-web`)
  }
})

test.run()
